namespace Microcosm.Runtime;

/// <summary>Where an HTTP request goes, or in a fault rule patterns of it: null for any.</summary>
/// <param name="Host">The host that it names, without port.</param>
/// <param name="Location">What the front end's configuration calls the place where it is served: of nginx the location.</param>
/// <param name="Upstream">The group of servers that it is passed on to.</param>
public readonly record struct HttpRoute(string? Host, string? Location, string? Upstream)
{
    /// <summary>As a pattern: whether another one fits it.</summary>
    internal bool Matches(in HttpRoute other) =>
        Matches(Host, other.Host) && Matches(Location, other.Location) && Matches(Upstream, other.Upstream);

    private static bool Matches(string? pattern, string? text) => pattern is null || (text is not null && Wildcard.Matches(pattern, text));
}
