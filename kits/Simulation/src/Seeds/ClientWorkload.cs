using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>A workload of clients that work side by side while things fail, and a judge, whom no fault meets and who looks at the
/// end.</summary>
public abstract class ClientWorkload : IWorkload
{
    private readonly List<NodeContext> _clients = [];
    private NodeContext _judge = null!;

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual FaultProfile Faults => new();

    /// <inheritdoc/>
    public virtual TimeSpan FaultsDuring => TimeSpan.FromSeconds(2);

    /// <summary>How many clients there are: <c>client-1</c> …</summary>
    protected virtual int ClientCount => 3;

    /// <summary>Clients work for so long: past the end of the last fault.</summary>
    protected virtual TimeSpan Works => TimeSpan.FromSeconds(4);

    /// <summary>True while clients are to work.</summary>
    protected bool IsOn => World.Now < Works;

    /// <summary>From <see cref="AddNodes"/> on.</summary>
    protected SimulatedWorld World { get; private set; } = null!;

    /// <inheritdoc/>
    public void Setup(SimulatedWorld world)
    {
        World = world;
        AddNodes();
        for (var i = 1; i <= ClientCount; i++)
            _clients.Add(world.AddClient($"client-{i}"));
        _judge = world.AddClient("judge", isDisturbed: false);
    }

    /// <inheritdoc/>
    public virtual Task RunAsync(SimulatedWorld world) =>
        Task.WhenAll(_clients.Select((c, i) => world.RunAsync(c, () => WorkAsync(i + 1, c, c.Seed.Stream("work")))));

    /// <inheritdoc/>
    public Task CheckAsync(SimulatedWorld world) => world.RunAsync(_judge, () => JudgeAsync(_judge));

    /// <summary>Adds the nodes, and what else the world needs before its clients.</summary>
    protected abstract void AddNodes();

    /// <summary>One client's work, while <see cref="IsOn"/>.</summary>
    /// <param name="id">From 1.</param>
    protected abstract Task WorkAsync(int id, NodeContext client, RandomStream random);

    /// <summary>After all faults: reads what is there and judges. Throws <see cref="CheckFailedException"/>.</summary>
    protected abstract Task JudgeAsync(NodeContext judge);

    /// <summary>Rests between two operations: in bursts of up to 10 ms, with rests of up to 200.</summary>
    /// <param name="often">How likely the short rest is.</param>
    protected static Task RestAsync(NodeContext client, RandomStream random, double often = 0.5) =>
        Task.Delay(TimeSpan.FromMilliseconds(random.Next(random.Chance(often) ? 10 : 200)), client.Clock);

    /// <summary>Fails a run in which nothing happened.</summary>
    protected static void DemandProgress(int achieved)
    {
        if (achieved == 0)
            throw new CheckFailedException("idle", "not one operation was answered");
    }
}
