namespace Microcosm.Nginx;

/// <summary>How an upstream chooses among its servers.</summary>
internal abstract record BalancingPolicy
{
    /// <summary>Smooth weighted round robin.</summary>
    public sealed record RoundRobin : BalancingPolicy;

    public sealed record LeastConnections : BalancingPolicy;

    public sealed record IpHash : BalancingPolicy;

    /// <summary>By a key; consistent is Ketama's ring.</summary>
    public sealed record Hash(ComplexValue Key, bool IsConsistent) : BalancingPolicy;

    /// <summary>One at random, or the better of two.</summary>
    public sealed record Random(bool OfTwo) : BalancingPolicy;
}
