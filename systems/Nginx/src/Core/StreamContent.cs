namespace Microcosm.Nginx;

/// <summary>What a stream server does with a session.</summary>
internal abstract record StreamContent
{
    /// <summary>To an upstream.</summary>
    public sealed record Proxy(ProxyTarget Target) : StreamContent;

    /// <summary>A text, then the end.</summary>
    public sealed record Return(ComplexValue Text) : StreamContent;

    /// <summary>To another listening socket of the same process.</summary>
    public sealed record Pass(Address? Address, ComplexValue? Value) : StreamContent;
}
