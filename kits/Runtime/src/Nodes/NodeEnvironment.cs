namespace Microcosm.Runtime;

/// <summary>What a world gives to the host of one node, beyond all of its generations.</summary>
public sealed class NodeEnvironment
{
    /// <summary>Turns the node's wheels.</summary>
    public required ICarrier Carrier { get; init; }

    public required WorldClock WorldClock { get; init; }

    /// <summary>The node's disk, which outlives it.</summary>
    public required IDisk Disk { get; init; }

    /// <summary>Scoped to the node.</summary>
    public required Seed Seed { get; init; }

    public required FaultPlan Faults { get; init; }

    public required INodeLog Log { get; init; }

    /// <summary>Counts what clients ask for in vain.</summary>
    public UnservedOperations Unserved { get; init; } = new();

    /// <summary>Gives a new generation its door to the network.</summary>
    public required Func<NodeDefinition, NodeExecutor, INodeNetwork> Attach { get; init; }

    /// <summary>Where the supervisor's own work runs, which must go on when the node's executor has died.</summary>
    public required NodeExecutor Supervisor { get; init; }

    /// <summary>The generation is over: its listeners close, its connections are reset.</summary>
    public required Action Detach { get; init; }

    /// <summary>The node crashed: what its disk had not synced is at risk.</summary>
    public required Action Crashed { get; init; }
}
