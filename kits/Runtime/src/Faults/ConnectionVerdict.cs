namespace Microcosm.Runtime;

/// <summary>What the plan's rules do to one new connection.</summary>
/// <param name="Connect">The rule that refuses it or lets it hang, or null.</param>
/// <param name="Bytes">The rules that act on its bytes.</param>
internal readonly record struct ConnectionVerdict(FaultRule? Connect, IReadOnlyList<FaultRule> Bytes)
{
    public static ConnectionVerdict None { get; } = new(null, []);

    public bool IsRefused => Connect?.Connection.Action == ConnectionFaultAction.Refuse;

    /// <summary>True while it is not answered.</summary>
    public bool IsBlackHoled => Connect is { IsRemoved: false, Connection.Action: ConnectionFaultAction.BlackHole };

    /// <summary>The rules for one direction.</summary>
    public IReadOnlyList<FaultRule> Of(FlowDirection direction) =>
        Bytes.Count == 0 ? [] : [.. Bytes.Where(r => r.Connection.ActsOn(direction))];
}
