namespace Microcosm.Nginx;

/// <summary>One destination of <c>error_log</c>: a file, standard error (an empty path), syslog, or memory.</summary>
internal sealed record ErrorLog(string Path, SyslogServer? Syslog, long MemoryBytes, LogLevel Level, int DebugMask);
