namespace Microcosm.Runtime;

/// <summary>One node of a system.</summary>
/// <param name="Name">Name in the world: <c>redis-1</c>.</param>
/// <param name="Port">The port clients reach, the peer's usual one: 6379. The world may map it to another real port.</param>
/// <param name="Create">Makes one generation of the node.</param>
public sealed record NodeDefinition(string Name, int Port, Func<NodeContext, Node> Create)
{
    /// <summary>Failure domain.</summary>
    public string Zone { get; init; } = "zone-a";

    /// <summary>False for nodes that only other nodes talk to.</summary>
    public bool IsClientFacing { get; init; } = true;

    /// <summary>True for one that stands by: it does not start with the world, but for where its disk holds something.</summary>
    public bool IsSpare { get; init; }

    /// <summary>Under whose name the node's spans and metrics are.</summary>
    public SystemTelemetry Telemetry { get; init; } = SystemTelemetry.General;
}
