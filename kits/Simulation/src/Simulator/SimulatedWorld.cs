using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>The world of one simulation: nodes, clients, links, disks, faults. For the simulation's own thread only.</summary>
public sealed class SimulatedWorld
{
    private static readonly DateTimeOffset Epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly SortedDictionary<string, NodeHost> _hosts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, MemoryDisk> _disks = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, FaultPlan> _plans = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, NodeContext> _clients = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _disturbed = new(StringComparer.Ordinal);
    private readonly Queue<string> _log = new();
    private readonly NodeExecutor _wire;
    private readonly FaultDriver _faults;

    internal SimulatedWorld(ulong seed)
    {
        Seed = new Seed(seed);
        Clock = new WorldClock(null, Epoch);
        Carrier = new SimulatedCarrier(Clock, Seed.Stream("schedule"));
        Driver = NewExecutor("world");
        _wire = NewExecutor("wire");
        Fabric = new Fabric(Clock, Seed, _wire);
        _faults = new FaultDriver(this);
    }

    /// <summary>What all comes from.</summary>
    public Seed Seed { get; }

    /// <summary>True time. Nodes have clocks of their own.</summary>
    public WorldClock Clock { get; }

    /// <summary>True time since the start.</summary>
    public TimeSpan Now => Clock.GetUtcNow() - Epoch;

    /// <summary>The network. Its links belong to the faults while these run.</summary>
    public Fabric Fabric { get; }

    /// <summary>Names of the nodes, in order.</summary>
    public IReadOnlyCollection<string> Nodes => _hosts.Keys;

    /// <summary>Names of the clients that faults may meet, in order.</summary>
    public IReadOnlyCollection<string> Clients => _disturbed;

    /// <summary>The last lines that nodes logged.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>What is to fail, once <see cref="BeginFaults"/> was called.</summary>
    public FaultSchedule Faults => _faults.Schedule;

    internal SimulatedCarrier Carrier { get; }

    internal NodeExecutor Driver { get; }

    internal SimulationFailure? Failure { get; private set; }

    /// <summary>Adds a node, which <see cref="StartAsync"/> starts.</summary>
    public void AddNode(NodeDefinition definition)
    {
        var name = definition.Name;
        Fabric.Addresses.Add(name);
        var disk = new MemoryDisk { Clock = Clock };
        var crashes = Seed.Stream("crash/" + name);
        var plan = new FaultPlan(Seed.Scope(name), Clock);
        var faulty = new FaultyDisk(disk, plan, name, Seed.Scope(name), Clock);
        _disks.Add(name, disk);
        _plans.Add(name, plan);
        _hosts.Add(name, new NodeHost(definition, new NodeEnvironment
        {
            Carrier = Carrier,
            WorldClock = Clock,
            Disk = new WatchedDisk(faulty, () => _faults.SyncBegins(name)),
            Seed = Seed.Scope(name),
            Faults = plan,
            Log = new SimulationLog(name, () => Now, _log),
            Attach = (node, executor) => Fabric.Attach(node.Name, executor),
            Supervisor = Driver,
            Detach = () => Fabric.Detach(name),
            Crashed = () => disk.Crash(crashes),
        }));
    }

    /// <summary>
    /// Adds a client: a context on the network with a clock, a disk and streams of its own. Faults may cut it off and skew it, not end
    /// it.
    /// </summary>
    /// <param name="isDisturbed">False for one that only judges and that no fault shall meet.</param>
    public NodeContext AddClient(string name, bool isDisturbed = true)
    {
        var executor = NewExecutor(name);
        var context = new NodeContext
        {
            Name = name,
            Executor = executor,
            Clock = new NodeClock(Clock, executor),
            Network = Fabric.Attach(name, executor),
            Disk = new MemoryDisk(),
            Seed = Seed.Scope(name),
            Faults = new FaultPlan(Seed.Scope(name), Clock),
            Log = new SimulationLog(name, () => Now, _log),
        };
        _clients.Add(name, context);
        if (isDisturbed)
            _disturbed.Add(name);
        return context;
    }

    /// <summary>Runs a client's code on its executor; the result completes with it.</summary>
    public Task RunAsync(NodeContext client, Func<Task> body)
    {
        // Not the executor's own RunAsync: its result continues asynchronously, and Task.WhenAll over such tasks leaves for the thread
        // pool.
        var done = new TaskCompletionSource();
        client.Executor.Post(async () =>
        {
            try
            {
                await body();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Starts all nodes but spares, in the order of their names.</summary>
    public async Task StartAsync()
    {
        _faults.Refresh();
        foreach (var host in _hosts.Values.Where(h => !h.Definition.IsSpare))
            await host.StartAsync();
    }

    /// <summary>The host of a node.</summary>
    public NodeHost Host(string node) => _hosts[node];

    /// <summary>The disk of a node.</summary>
    public MemoryDisk Disk(string node) => _disks[node];

    /// <summary>The fault plan of a node, for rules beside the schedule.</summary>
    public FaultPlan FaultsOf(string node) => _plans[node];

    /// <summary>The clock of a node's present generation or of a client.</summary>
    public NodeClock? ClockOf(string name) => _clients.TryGetValue(name, out var client) ? (NodeClock)client.Clock : _hosts[name].Clock;

    /// <summary>Waits in true time.</summary>
    public Task DelayAsync(TimeSpan time) => Task.Delay(time, Clock);

    /// <summary>From now on what <paramref name="schedule"/> says happens, its times counted from this moment.</summary>
    public void BeginFaults(FaultSchedule schedule) => _faults.Begin(schedule);

    /// <summary>
    /// Ends all faults: links heal, clocks run right, nodes that are down start from their disks. Completes when all serve.
    /// </summary>
    public Task HealAsync() => _faults.EndAsync();

    /// <summary>
    /// A node comes to a moment worth a fault, such as that it was elected; told by the workload. A fault that waits for it
    /// (<see cref="FaultProfile.Moments"/>) meets the node once its turn is over, or a little later.
    /// </summary>
    public void Comes(string node, string moment) => _faults.Comes(node, moment);

    internal void Fail(SimulationFailure failure) => Failure ??= failure;

    internal void End()
    {
        Driver.Kill();
        _wire.Kill();
        Clock.Dispose();
    }

    /// <summary>What a node did not handle is a failure even when the supervisor brought the node back; disk errors are its fate.</summary>
    internal SimulationFailure? NodeFailure()
    {
        foreach (var (name, host) in _hosts)
        {
            if (host.LastFailure is { } e and not IOException)
                return SimulationFailure.Of(e) with { Message = $"{name}: {e.Message}" };
        }
        return null;
    }

    private NodeExecutor NewExecutor(string name) => new(Carrier, name) { Unhandled = e => Fail(SimulationFailure.Of(e)) };
}
