namespace Microcosm.Nginx;

/// <summary>How long an idle connection is kept, and what the Keep-Alive header says (0: nothing).</summary>
internal readonly record struct KeepAliveTimeout(long TimeoutMs, long HeaderSeconds);
