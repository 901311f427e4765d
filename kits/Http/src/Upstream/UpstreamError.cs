using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Why a request came to nothing.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Socket">Of <see cref="UpstreamErrorKind.ConnectFailed"/>.</param>
/// <param name="Fault">Of <see cref="UpstreamErrorKind.InvalidHead"/>.</param>
/// <param name="Tls">Of <see cref="UpstreamErrorKind.TlsFailed"/>.</param>
/// <param name="Words">Of <see cref="UpstreamErrorKind.InvalidHttp2"/>: what the server did, in nginx' words.</param>
public readonly record struct UpstreamError(
    UpstreamErrorKind Kind, ConnectFailedException? Socket = null, ResponseFault Fault = ResponseFault.None, TlsException? Tls = null,
    string? Words = null);
