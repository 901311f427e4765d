namespace Microcosm.Nginx;

/// <summary><c>so_keepalive</c>; 0 where the system's own value stands.</summary>
internal sealed record TcpKeepAlive(bool IsOn, long IdleSeconds = 0, long IntervalSeconds = 0, int Count = 0);
