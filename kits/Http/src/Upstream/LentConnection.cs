namespace Microcosm.Http;

/// <summary>An idle connection on its way from one worker to another.</summary>
internal readonly record struct LentConnection(int Descriptor, int Requests, long OpenedMs);
