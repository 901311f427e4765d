using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Ledger;
using Microcosm.Simulation.Tests.Samples.Locks;
using Microcosm.Simulation.Tests.Samples.Register;
using Microcosm.Simulation.Tests.Samples.Store;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples;

/// <summary>What the samples' workloads share: some clients that work side by side, and one that looks at the end.</summary>
internal abstract class SampleWorkload : IWorkload
{
    /// <summary>The samples, by name.</summary>
    public static readonly IReadOnlyDictionary<string, Func<IWorkload>> All = new Dictionary<string, Func<IWorkload>>
    {
        ["sample-store"] = () => new StoreWorkload(),
        ["sample-register"] = () => new RegisterWorkload(),
        ["sample-ledger"] = () => new LedgerWorkload(),
        ["sample-locks"] = () => new LockWorkload(),
    };

    private const int ClientCount = 3;
    private readonly List<NodeContext> _clients = [];
    private NodeContext _judge = null!;

    public abstract string Name { get; }

    public virtual FaultProfile Faults => new();

    /// <summary>True while clients are to work: past the end of the last fault.</summary>
    protected bool IsOn => World.Now < TimeSpan.FromSeconds(4);

    protected SimulatedWorld World { get; private set; } = null!;

    public void Setup(SimulatedWorld world)
    {
        World = world;
        Prepare();
        for (var i = 1; i <= ClientCount; i++)
            _clients.Add(world.AddClient($"client-{i}"));
        _judge = world.AddClient("judge", isDisturbed: false);
    }

    public Task RunAsync(SimulatedWorld world) =>
        Task.WhenAll(_clients.Select((c, i) => world.RunAsync(c, () => WorkAsync(i + 1, c, c.Seed.Stream("work")))));

    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_judge, () => JudgeAsync(_judge));

    /// <summary>Adds nodes.</summary>
    protected abstract void Prepare();

    /// <summary>One client's work.</summary>
    protected abstract Task WorkAsync(int id, NodeContext client, RandomStream random);

    /// <summary>After all faults: reads what is there and judges.</summary>
    protected abstract Task JudgeAsync(NodeContext judge);

    protected void AddNode(string name, Func<NodeContext, Node> create) =>
        World.AddNode(new NodeDefinition(name, LineNode.Port, create));

    protected static Task PauseAsync(NodeContext client, int ms) => Task.Delay(TimeSpan.FromMilliseconds(ms), client.Clock);

    /// <summary>Thinks between two operations: in bursts, with rests.</summary>
    protected static Task PauseAsync(NodeContext client, RandomStream random) =>
        PauseAsync(client, random.Next(random.Chance(0.5) ? 10 : 200));

    /// <summary>Asks until there is an answer; for the judge, when nothing fails any more.</summary>
    protected static async Task<string> AskUntilAnsweredAsync(NodeContext judge, Func<int, string> node, string request,
        string refusal = "")
    {
        for (var i = 0; i < 200; i++)
        {
            var answer = await LineClient.AskOnceAsync(judge, node(i), LineNode.Port, request, 500);
            if (answer is not null and not LineClient.Unreachable && answer != refusal)
                return answer;
            await PauseAsync(judge, 50);
        }
        throw new CheckFailedException("unavailable", $"no answer to '{request}' although nothing fails any more");
    }

    /// <summary>Fails a run in which nothing happened.</summary>
    protected static void DemandProgress(int achieved)
    {
        if (achieved == 0)
            throw new CheckFailedException("idle", "not one operation was answered");
    }
}
