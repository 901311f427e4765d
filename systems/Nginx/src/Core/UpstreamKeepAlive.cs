namespace Microcosm.Nginx;

/// <summary>Idle connections kept to an upstream's servers. 0 connections: none.</summary>
internal sealed record UpstreamKeepAlive(int Connections, bool IsLocal, long Requests, long TimeMs, long TimeoutMs);
