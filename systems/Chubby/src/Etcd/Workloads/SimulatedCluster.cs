using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Chubby.Etcd;

/// <summary>A cluster in a simulation: three or five members, as the seed says, that take snapshots rarely or all the time.</summary>
internal sealed class SimulatedCluster
{
    private readonly SimulatedWorld _world;
    private readonly List<string> _names = [];

    public SimulatedCluster(SimulatedWorld world)
    {
        _world = world;
        var random = world.Seed.Stream("etcd/options");
        var options = new EtcdOptions
        {
            Replicas = random.Pick([3, 3, 5]),
            SnapshotCount = random.Pick([6, 30, 100_000]),
            SnapshotCatchUpEntries = random.Pick([0, 5]),
        };
        var members = new List<NodeEndPoint>();
        foreach (var node in new EtcdSystem(options).Nodes)
        {
            var (id, port) = (members.Count + 1, node.Port);
            members.Add(new NodeEndPoint(node.Name, port));
            _names.Add(node.Name);
            world.AddNode(node with { Create = c => new EtcdNode(c, options, id, port) { Carrier = CallCarrier.ServeAsync } });
        }
        Members = members;
    }

    /// <summary>Where clients reach the members.</summary>
    public IReadOnlyList<NodeEndPoint> Members { get; }

    /// <summary>A client of its own connection.</summary>
    public SimulatedEtcdClient ClientOf(NodeContext context, string purpose = "calls") => new(context, Members, purpose);

    /// <summary>
    /// Waits until all members have one state, byte by byte, and gives one of them. Throws <see cref="CheckFailedException"/> if they do
    /// not come to one.
    /// </summary>
    public async Task<EtcdStore> ConvergeAsync(NodeContext judge)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var stores = new List<EtcdStore>();
            foreach (var name in _names)
                stores.Add(await _world.Host(name).AskAsync(n => ((EtcdNode)n).Member.Store));
            var state = stores[0].Save();
            if (stores.TrueForAll(s => s.Save().Span.SequenceEqual(state.Span)))
                return stores[0];
            await Task.Delay(TimeSpan.FromMilliseconds(50), judge.Clock);
        }
        throw new CheckFailedException("etcd.convergence", "members do not come to one state although nothing fails any more");
    }

    /// <summary>Asks until there is an answer: nothing fails any more.</summary>
    public static async Task<T> MustAsync<T>(NodeContext judge, Func<Task<T?>> ask)
        where T : class
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (await ask() is { } answer)
                return answer;
            await Task.Delay(TimeSpan.FromMilliseconds(100), judge.Clock);
        }
        throw new CheckFailedException("unavailable", "no answer although nothing fails any more");
    }
}
