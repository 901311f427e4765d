namespace Microcosm.Nginx;

/// <summary>Where proxy_pass, grpc_pass and the stream's proxy_pass lead.</summary>
/// <param name="Url">As written.</param>
/// <param name="Value">Not null if variables give the whole for each request; then the rest is empty.</param>
/// <param name="IsTls">https:// or grpcs://.</param>
/// <param name="Upstream">Declared or made of the address.</param>
/// <param name="HostHeader">What <c>$proxy_host</c> says: host and, unless it is the scheme's own, port.</param>
/// <param name="PortText">What <c>$proxy_port</c> says.</param>
/// <param name="Uri">Replaces the location's prefix; empty if the URL has none.</param>
/// <param name="Location">The prefix that is replaced.</param>
internal sealed record ProxyTarget(
    string Url, ComplexValue? Value, bool IsTls, UpstreamDraft? Upstream, string HostHeader, string PortText, string Uri, string Location)
{
    /// <summary>grpc_pass, over HTTP/2 always; a scheme may be left out.</summary>
    public bool IsGrpc { get; init; }
}
