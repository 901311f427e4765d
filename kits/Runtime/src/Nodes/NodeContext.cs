namespace Microcosm.Runtime;

/// <summary>What a node gets from its world. A node touches no socket, file, wall clock or static randomness but through this.</summary>
public sealed class NodeContext
{
    /// <summary>Name in the world, for example <c>redis-1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Failure domain, for example <c>zone-a</c>.</summary>
    public string Zone { get; init; } = "zone-a";

    /// <summary>Where the node's code runs.</summary>
    public required NodeExecutor Executor { get; init; }

    /// <summary>The node's own clock: the world's with the node's offset, drift and pauses. Its timers fire on the executor.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>The node's door to the fabric.</summary>
    public required INodeNetwork Network { get; init; }

    /// <summary>The node's own disk. Outlives the node.</summary>
    public required IDisk Disk { get; init; }

    /// <summary>Named random streams of this node.</summary>
    public required Seed Seed { get; init; }

    /// <summary>What is to fail.</summary>
    public required FaultPlan Faults { get; init; }

    /// <summary>Log lines of the node, in the peer's own wording where there is one.</summary>
    public required INodeLog Log { get; init; }

    /// <summary>
    /// Asks to be stopped in order (<see cref="Node.StopAsync"/>), as by the node's owner: it stays down until someone starts it. Returns
    /// at once.
    /// </summary>
    public Action Stop { get; init; } = static () => { };

    /// <summary>Spans and metrics of what the node does.</summary>
    public NodeTelemetry Telemetry
    {
        get => field ??= new NodeTelemetry(SystemTelemetry.General, Name, Clock);
        init;
    }
}
