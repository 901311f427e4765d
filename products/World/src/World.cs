using System.Collections.Concurrent;
using System.Net;
using Microcosm.Runtime;

namespace Microcosm;

/// <summary>
/// A datacenter in this process: systems with their nodes, one clock, one network, one fault plan, one seed.
/// <c>await using var world = await World.StartAsync(w =&gt; w.AddRedis());</c>
/// </summary>
public sealed class World : IAsyncDisposable
{
    private readonly ConcurrentDictionary<NodeEndPoint, IPEndPoint> _ports = new();
    private readonly WorldOptions _options;
    private readonly Action<WorldBuilder> _configure;
    private readonly WorldClock _clock;
    private readonly ICarrier _carrier;
    private readonly ISocketHost? _sockets;
    private readonly NodeExecutor _supervisor;
    private readonly Fabric _fabric;
    private bool _isDisposed;

    private World(Action<WorldBuilder> configure, WorldBuilder builder, DateTimeOffset? start, double scale)
    {
        _configure = configure;
        _options = builder.Options;
        if (!IPAddress.IsLoopback(_options.Address))
            throw new ArgumentException($"A world listens on loopback, not on {_options.Address}");
        Seed = new Seed(_options.Seed);
        _clock = start is { } at ? new WorldClock(TimeProvider.System, at, scale) : new WorldClock(TimeProvider.System);
        var useLoop = EventLoop.IsSupported && !_options.PortableSockets && _options.Ports != PortPolicy.None;
        _carrier = useLoop ? new EventLoop("microcosm") : new SerialCarrier();
        _sockets = _options.Ports == PortPolicy.None ? null : useLoop ? new LoopSocketHost() : new KestrelSocketHost();
        _supervisor = new NodeExecutor(new SerialCarrier(), "supervisor");
        Faults = new FaultPlan(Seed.Scope("faults"), _clock) { OnNodeFault = OnNodeFault };
        _fabric = new Fabric(_clock, Seed.Scope("fabric"), new NodeExecutor(useLoop ? _carrier : new SerialCarrier(), "wire"), _sockets)
        {
            SocketAddressOf = SocketAddressOf,
            OtherSocketAddressOf = OtherSocketAddressOf,
            Faults = Faults,
        };
        Clock = new WorldClockControl(_clock);
        Systems = [.. builder.Systems.Select(CreateSystem)];
    }

    /// <summary>Where every random decision comes from.</summary>
    public Seed Seed { get; }

    /// <summary>The world's time.</summary>
    public WorldClockControl Clock { get; }

    /// <summary>What is to fail.</summary>
    public FaultPlan Faults { get; }

    /// <summary>What clients asked for and no node does, with how often.</summary>
    public UnservedOperations Unserved { get; } = new();

    /// <summary>
    /// The state of the links between nodes, and between clients and nodes. Clients over real sockets are <see
    /// cref="Links.SocketClient"/>.
    /// </summary>
    public Links Links => _fabric.Links;

    /// <summary>The systems of this world.</summary>
    public IReadOnlyList<RunningSystem> Systems { get; }

    /// <summary>All nodes.</summary>
    public IEnumerable<RunningNode> Nodes => Systems.SelectMany(s => s.Nodes);

    /// <summary>Starts a world and completes when every node serves.</summary>
    public static async Task<World> StartAsync(Action<WorldBuilder> configure, CancellationToken cancellation = default)
    {
        var world = Create(configure);
        try
        {
            await world.StartNodesAsync(cancellation);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>The system of that name. Throws <see cref="KeyNotFoundException"/>.</summary>
    public RunningSystem System(string name) =>
        Systems.FirstOrDefault(s => s.Name == name) ?? throw new KeyNotFoundException($"The world has no system '{name}'");

    /// <summary>The node of that name. Throws <see cref="KeyNotFoundException"/>.</summary>
    public RunningNode Node(string name) =>
        Nodes.FirstOrDefault(n => n.Name == name) ?? throw new KeyNotFoundException($"The world has no node '{name}'");

    /// <summary>Opens a connection inside the fabric, under a name that links and faults know.</summary>
    public ValueTask<Stream> ConnectAsync(NodeEndPoint address, string client = "client", CancellationToken cancellation = default) =>
        _fabric.ConnectStreamAsync(client, address, cancellation);

    /// <summary>
    /// Empties every disk and starts every node anew, on the same ports; clears faults, heals links, lets time run as real time does and
    /// sets the nodes' clocks right. What time it is stays: clients may have seen it.
    /// </summary>
    public async Task ResetAsync(CancellationToken cancellation = default)
    {
        Faults.Clear();
        Links.HealAll();
        Clock.Resume();
        // All of them first: a node could get its state back from one that still has it.
        foreach (var node in Nodes)
        {
            await node.EraseAsync(cancellation);
            node.Skew(TimeSpan.Zero);
        }
        await StartNodesAsync(cancellation);
    }

    /// <summary>
    /// A second world with the same state: every node brings its state to its disk, the disks are copied, and new nodes start from them, at
    /// the same time of day. Faults and links are not copied; disks are in memory, ports are free ones. Throws
    /// <see cref="InvalidOperationException"/> where a node keeps nothing on its disk.
    /// </summary>
    public async Task<World> ForkAsync(CancellationToken cancellation = default)
    {
        using var state = new MemoryStream();
        await SaveSnapshotAsync(state, cancellation);
        state.Position = 0;
        var snapshot = WorldSnapshot.Read(state);
        var fork = Create(
            w =>
            {
                _configure(w);
                w.Options.DataFolder = null;
                w.Options.Ports = _options.Ports == PortPolicy.None ? PortPolicy.None : PortPolicy.Ephemeral;
            },
            snapshot.At,
            Clock.Scale);
        snapshot.Fill(fork.Nodes);
        await fork.StartNodesAsync(cancellation);
        return fork;
    }

    /// <summary>
    /// Writes the state of all nodes and the time. Throws <see cref="InvalidOperationException"/> where a node keeps nothing on its disk.
    /// </summary>
    public Task SaveSnapshotAsync(Stream to, CancellationToken cancellation = default) =>
        WorldSnapshot.SaveAsync(to, Clock.Now, [.. Nodes], cancellation);

    /// <summary>
    /// Replaces the state of all nodes by a snapshot's; nodes restart. Time moves on to when the snapshot was taken, if that is ahead, so
    /// that what had expired then stays so. Throws <see cref="InvalidDataException"/>, and nothing has changed then.
    /// </summary>
    public async Task LoadSnapshotAsync(Stream from, CancellationToken cancellation = default)
    {
        var snapshot = WorldSnapshot.Read(from);
        if (snapshot.Disks.Keys.FirstOrDefault(name => Nodes.All(n => n.Name != name)) is { } unknown)
            throw new InvalidDataException($"The snapshot has a node '{unknown}' that this world has not.");
        foreach (var node in Nodes)
            await node.EraseAsync(cancellation);
        snapshot.Fill(Nodes);
        _clock.AdvanceTo(snapshot.At.UtcTicks);
        await StartNodesAsync(cancellation);
    }

    /// <summary>Stops every node gracefully.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        foreach (var node in Nodes.Reverse())
            await node.Host.StopAsync();
        if (_sockets is not null)
            await _sockets.DisposeAsync();
        (_carrier as IDisposable)?.Dispose();
        _clock.Dispose();
    }

    /// <summary>A world that has chosen its ports and not started yet.</summary>
    internal static World Prepare(Action<WorldBuilder> configure)
    {
        var world = Create(configure);
        foreach (var node in world.Nodes)
            world.TakePort(node);
        return world;
    }

    // Systems do not wait for each other; the nodes of one come in their order.
    internal Task StartNodesAsync(CancellationToken cancellation) =>
        Task.WhenAll(Systems.Select(s => StartNodesAsync(s, cancellation)));

    private async Task StartNodesAsync(RunningSystem system, CancellationToken cancellation)
    {
        foreach (var node in system.Nodes)
        {
            if (!node.StandsBy)
                await node.Host.StartAsync(cancellation);
            TakePort(node);
        }
    }

    private static World Create(Action<WorldBuilder> configure, DateTimeOffset? start = null, double scale = 1)
    {
        var builder = new WorldBuilder();
        configure(builder);
        return new World(configure, builder, start, scale);
    }

    private void TakePort(RunningNode node)
    {
        node.Socket = SocketAddressOf(node.Address);
        node.HasOtherPort = _options.Ports == PortPolicy.Usual && node.Socket is { } socket && socket.Port != node.Definition.Port;
    }

    private RunningSystem CreateSystem(SystemDefinition system) =>
        new(this, system, [.. system.Nodes.Select(n => CreateNode(n, system.Name))]);

    private RunningNode CreateNode(NodeDefinition definition, string system)
    {
        _fabric.Addresses.Add(definition.Name, system);
        var memory = _options.DataFolder is null ? new MemoryDisk { Clock = _clock } : null;
        var disk = memory ?? (IDisk)new RealDisk(Path.Combine(_options.DataFolder!, definition.Name));
        var log = new NodeLog(definition.Name, _clock);
        var crashes = Seed.Stream($"crash/{definition.Name}");
        var environment = new NodeEnvironment
        {
            Carrier = _carrier,
            WorldClock = _clock,
            Disk = new FaultyDisk(disk, Faults, definition.Name, Seed.Scope(definition.Name), _clock),
            Seed = Seed.Scope(definition.Name),
            Faults = Faults,
            Log = log,
            Unserved = Unserved,
            Attach = (d, executor) => _fabric.Attach(d.Name, executor, system),
            Supervisor = _supervisor,
            Detach = () => _fabric.Detach(definition.Name),
            Crashed = () => memory?.Crash(crashes),
        };
        return new RunningNode(definition, new NodeHost(definition, environment), disk, log);
    }

    // The first start finds the port; later ones take the same again.
    private IPEndPoint? SocketAddressOf(NodeEndPoint address)
    {
        if (_options.Ports == PortPolicy.None)
            return null;
        return _ports.GetOrAdd(address, a => FreePorts.Find(_options.Address, _options.Ports == PortPolicy.Usual ? a.Port : 0));
    }

    // Once it is told where a node is, it stays there.
    private IPEndPoint? OtherSocketAddressOf(NodeEndPoint address) =>
        Node(address.Node).Socket is null ? _ports[address] = FreePorts.Find(_options.Address, 0) : null;

    private void OnNodeFault(string node, OperationFaultAction action)
    {
        if (action == OperationFaultAction.PauseNode)
            Node(node).Pause();
        else
            _supervisor.Post(() => _ = Node(node).KillAsync());
    }
}
