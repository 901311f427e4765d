using System.Net;

namespace Microcosm.Http;

/// <summary>How names are looked up.</summary>
/// <param name="Servers">Name servers, asked in turn.</param>
public sealed record ResolverOptions(IReadOnlyList<IPEndPoint> Servers)
{
    /// <summary>Overrides what records say of how long they hold; 0 for not.</summary>
    public long ValidSeconds { get; init; }

    /// <summary>IPv4 addresses are asked for.</summary>
    public bool UsesIp4 { get; init; } = true;

    /// <summary>IPv6 addresses are asked for.</summary>
    public bool UsesIp6 { get; init; } = true;

    /// <summary>A question without an answer goes to the next server after this.</summary>
    public long ResendMs { get; init; } = 5000;

    /// <summary>Names that are remembered, at most.</summary>
    public int NamesMax { get; init; } = 4096;

    /// <summary>Names that are asked for at a time, at most; more fail at once.</summary>
    public int QuestionsMax { get; init; } = 1024;
}
