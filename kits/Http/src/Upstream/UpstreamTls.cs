namespace Microcosm.Http;

/// <summary>TLS towards a server. Connections are reused by whoever means the same.</summary>
/// <param name="Context">What connections have in common.</param>
/// <param name="Target">Whom the client means.</param>
public sealed record UpstreamTls(TlsClientContext Context, TlsTarget Target);
