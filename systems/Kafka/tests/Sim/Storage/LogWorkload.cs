using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>A log under crashes, in syncs and between them, on disks that are slow to sync.</summary>
internal sealed class LogWorkload<TModel>(
    string name, Func<RandomStream, LogLedger<TModel>> begin, Func<NodeContext, LogLedger<TModel>, Node> run) : IWorkload
{
    private const string Node = "kafka-1";

    private LogLedger<TModel> _ledger = null!;

    public string Name => name;

    public FaultProfile Faults => new()
    {
        Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Pause, FaultKind.SlowDisk],
        OutageMsMax = 100,
        FaultsMax = 20,
    };

    public void Setup(SimulatedWorld world)
    {
        _ledger = begin(world.Seed.Stream("settings"));
        world.AddNode(new NodeDefinition(Node, 9092, c => run(c, _ledger)) { IsClientFacing = false });
    }

    public async Task RunAsync(SimulatedWorld world) => await world.DelayAsync(TimeSpan.FromMilliseconds(2_200));

    public async Task CheckAsync(SimulatedWorld world)
    {
        await world.DelayAsync(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 100 && _ledger.Done == 0; i++)
            await world.DelayAsync(TimeSpan.FromMilliseconds(100));
        _ledger.IsOver = true;
        // Whatever is not safe goes; the next generation judges.
        await world.Host(Node).RestartAsync();
        if (_ledger.Done == 0)
            throw new CheckFailedException("idle", "nothing was acknowledged or cleaned");
    }
}
