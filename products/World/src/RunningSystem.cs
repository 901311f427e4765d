using Microcosm.Runtime;

namespace Microcosm;

/// <summary>A system in a running world.</summary>
public sealed class RunningSystem
{
    private readonly World _world;
    private readonly SystemDefinition _definition;

    internal RunningSystem(World world, SystemDefinition definition, IReadOnlyList<RunningNode> nodes)
    {
        (_world, _definition, Nodes) = (world, definition, nodes);
    }

    /// <summary><c>redis</c></summary>
    public string Name => _definition.Name;

    /// <summary>Its nodes, in the order they start.</summary>
    public IReadOnlyList<RunningNode> Nodes { get; }

    /// <summary><c>host:port</c> of each node that clients reach; in a world without sockets the names inside the fabric.</summary>
    public IReadOnlyList<string> Endpoints => [.. Serving.Select(n => n.Endpoint)];

    // Spares as long as they run.
    private IEnumerable<RunningNode> Serving => Nodes.Where(
        n => n.Definition.IsClientFacing && (!n.Definition.IsSpare || n.State is NodeState.Running or NodeState.Paused));

    /// <summary>What a client library takes to connect.</summary>
    public string ConnectionString => _definition.ConnectionString(Endpoints);

    /// <summary>
    /// Asks each client-facing node in its own protocol, over the in-memory fabric, whether it serves. Throws when one does not.
    /// </summary>
    public async Task PingAsync(CancellationToken cancellation = default)
    {
        foreach (var node in Serving)
        {
            await using var stream = await _world.ConnectAsync(node.Address, "ping", cancellation);
            await _definition.PingAsync(stream, cancellation);
        }
    }
}
