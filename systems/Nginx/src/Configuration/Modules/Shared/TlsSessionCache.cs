namespace Microcosm.Nginx;

/// <summary>Where TLS sessions are kept: a shared zone, OpenSSL's own cache of so many, neither.</summary>
internal sealed record TlsSessionCache(SharedZone? Zone, long BuiltInSessions, bool IsOff);
