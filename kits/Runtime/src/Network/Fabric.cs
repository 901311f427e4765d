using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>
/// A world's network: who listens where, in memory and on real sockets, and the links between. Nodes meet it as <see cref="INodeNetwork"/>,
/// clients in the same process by <see cref="ConnectAsync"/>. Thread-safe.
/// </summary>
public sealed class Fabric(TimeProvider clock, Seed seed, NodeExecutor wire, ISocketHost? sockets = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<NodeEndPoint, FabricListener> _listeners = [];
    private readonly Dictionary<string, NodeNetwork> _nodes = [];
    private long _connections;

    /// <summary>The state of the links.</summary>
    public Links Links { get; } = new();

    /// <summary>Whose rules about connections count, or null for none. Set before nodes listen.</summary>
    public FaultPlan? Faults { get; init; }

    /// <summary>
    /// The real address that a node's port gets, or null for none. A port of 0 takes a free one, which the node keeps over restarts.
    /// </summary>
    public Func<NodeEndPoint, IPEndPoint?> SocketAddressOf { get; set; } = _ => null;

    /// <summary>
    /// Another address for a port, where somebody else has taken the one that it was to get; null where clients may know of that already.
    /// </summary>
    public Func<NodeEndPoint, IPEndPoint?> OtherSocketAddressOf { get; set; } = _ => null;

    /// <summary>The names of the world, with addresses for those who need some.</summary>
    public NodeAddresses Addresses { get; } = new();

    internal ISocketHost? Sockets { get; } = sockets;

    internal OpenConnections Open { get; } = new();

    /// <summary>
    /// Gives one generation of a node its network. <paramref name="system"/> is what rules call it (<c>connect.redis</c>); the node's own
    /// name where it is null.
    /// </summary>
    public INodeNetwork Attach(string node, NodeExecutor executor, string? system = null)
    {
        var conditions = new NetworkConditions(Links, Faults, clock, seed, system ?? node, node);
        var network = new NodeNetwork(this, node, executor, conditions);
        Addresses.Add(node, system);
        lock (_gate)
            _nodes[node] = network;
        return network;
    }

    /// <summary>Ends a node's network: listeners close, connections are reset.</summary>
    public void Detach(string node)
    {
        NodeNetwork? network;
        lock (_gate)
            _nodes.Remove(node, out network);
        network?.Shut();
    }

    /// <summary>
    /// Connects a client of this process, under a name that links and faults know, to a node. Throws <see cref="SocketException"/> if
    /// nobody listens there or a rule refuses it; hangs while a link is cut or a rule is a black hole.
    /// </summary>
    public async ValueTask<ConnectionContext> ConnectAsync(string client, NodeEndPoint remote, CancellationToken cancellation = default)
    {
        var id = Interlocked.Increment(ref _connections);
        var random = seed.Stream($"link/{client}/{remote}/{id}");
        var conditions = new NetworkConditions(Links, Faults, clock, seed, remote.Node, remote.Node);
        // A handshake is one trip there and one back.
        foreach (var way in (Passage[])[NewPassage(client, remote.Node, []), NewPassage(remote.Node, client, [])])
            await way.TravelAsync(40, way.NowTicks, cancellation);
        var listener = ListenerAt(remote) ?? throw new SocketException((int)SocketError.ConnectionRefused);
        var local = new NodeEndPoint(client, (int)(49152 + id % 16384));
        var near = new MemoryConnection($"{client}-{id}", local, remote);
        var far = new MemoryConnection($"{remote.Node}-{id}", remote, local);
        near.Peer = far;
        far.Peer = near;
        var verdict = listener.Decide(client, far);
        if (verdict.Connect is not null && !verdict.IsRefused)
            await listener.Conditions.AdmitAsync(client, verdict, cancellation);
        if (verdict.IsRefused || ListenerAt(remote) != listener)
            throw new SocketException((int)SocketError.ConnectionRefused);
        var there = NewPassage(client, remote.Node, verdict.Of(FlowDirection.Up));
        var back = NewPassage(remote.Node, client, verdict.Of(FlowDirection.Down));
        var place = Open.Add(near);
        wire.Post(() => _ = CarryAsync(near, far, there, back, place));
        listener.Accept(far);
        return near;

        Passage NewPassage(string from, string to, IReadOnlyList<FaultRule> rules) =>
            new(conditions, random, from, to, rules);
    }

    /// <summary>Connects and gives a stream, for client libraries that take one.</summary>
    public async ValueTask<Stream> ConnectStreamAsync(string client, NodeEndPoint remote, CancellationToken cancellation = default) =>
        new ConnectionStream(await ConnectAsync(client, remote, cancellation));

    /// <summary>
    /// Resets the connections that are open between two names, whoever opened them, as a network does that forgot them: both ends see a
    /// reset, and what is on its way is lost. Passes a cut link. Listeners live on. <see cref="Links.SocketClient"/> is who came over real
    /// sockets; these are reset on their carriers' threads. Returns how many connections in memory there were.
    /// </summary>
    public int ResetConnections(string a, string b)
    {
        var open = Open.Between(a, b);
        foreach (var connection in open)
            connection.ResetBoth();
        foreach (var listener in SocketListenersBetween(a, b))
            listener.RealListener?.ResetConnections();
        return open.Length;
    }

    internal void Add(FabricListener listener)
    {
        lock (_gate)
        {
            if (!_listeners.TryAdd(listener.Address, listener))
                throw new AddressInUseException($"{listener.Address} is in use");
        }
    }

    internal void Remove(FabricListener listener)
    {
        lock (_gate)
        {
            if (_listeners.GetValueOrDefault(listener.Address) == listener)
                _listeners.Remove(listener.Address);
        }
    }

    private FabricListener? ListenerAt(NodeEndPoint address)
    {
        lock (_gate)
            return _listeners.GetValueOrDefault(address);
    }

    private FabricListener[] SocketListenersBetween(string a, string b)
    {
        var node = a == Links.SocketClient ? b : b == Links.SocketClient ? a : null;
        lock (_gate)
            return [.. _listeners.Values.Where(l => l.Address.Node == node).OrderBy(l => l.Address.Port)];
    }

    private async Task CarryAsync(
        MemoryConnection near, MemoryConnection far, Passage there, Passage back, LinkedListNode<MemoryConnection> place)
    {
        try
        {
            var up = new LinkPump(there).RunAsync(near.Written, far.Arriving, rule => End(rule, far, isUp: true), far.ConnectionClosed);
            var down = new LinkPump(back).RunAsync(far.Written, near.Arriving, rule => End(rule, far, isUp: false), near.ConnectionClosed);
            await up;
            await down;
        }
        finally
        {
            Open.Remove(place);
        }
    }

    // Ends a connection whose bytes a rule counted. A cut way ended in order already: the node answers what it still got, or is told that
    // nobody reads.
    private static void End(FaultRule rule, MemoryConnection far, bool isUp)
    {
        if (rule.Connection.Action == ConnectionFaultAction.ResetAfter)
            far.Abort(new ConnectionAbortedException("reset by a fault rule"));
        else if (!isUp)
            far.Reset(new ConnectionResetException("cut by a fault rule"));
    }
}
