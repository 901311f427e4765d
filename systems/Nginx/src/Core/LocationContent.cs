namespace Microcosm.Nginx;

/// <summary>What answers a location's requests instead of files.</summary>
internal abstract record LocationContent
{
    public sealed record EmptyGif : LocationContent;

    public sealed record StubStatus : LocationContent;

    /// <summary>To an upstream that speaks HTTP.</summary>
    public sealed record Proxy(ProxyTarget Target) : LocationContent;

    /// <summary>To an upstream that speaks gRPC.</summary>
    public sealed record Grpc(ProxyTarget Target) : LocationContent;
}
