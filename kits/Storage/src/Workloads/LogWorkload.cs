using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Storage;

/// <summary>A log and a state file under crashes, in syncs and between them, on disks that are slow to sync.</summary>
internal sealed class LogWorkload : IWorkload
{
    private const string Node = "log-1";

    private LogLedger _ledger = null!;

    /// <inheritdoc/>
    public string Name => "storage-log";

    /// <inheritdoc/>
    public FaultProfile Faults => new()
    {
        Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Pause, FaultKind.SlowDisk],
        OutageMsMax = 100,
        FaultsMax = 20,
    };

    /// <inheritdoc/>
    public void Setup(SimulatedWorld world)
    {
        var random = world.Seed.Stream("options");
        // Not a segment a record: on a slow disk that leaves time for nothing else.
        _ledger = new LogLedger(LogScript.Options(random) with { SegmentBytes = 200 + random.Next(800) });
        world.AddNode(new NodeDefinition(Node, 7_000, c => new LogNode(c, _ledger)) { IsClientFacing = false });
    }

    /// <inheritdoc/>
    public async Task RunAsync(SimulatedWorld world) => await world.DelayAsync(FaultsEnd);

    /// <inheritdoc/>
    public async Task CheckAsync(SimulatedWorld world)
    {
        await world.DelayAsync(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 100 && _ledger.Model.AcknowledgedEver == 0; i++)
            await world.DelayAsync(TimeSpan.FromMilliseconds(100));
        _ledger.IsOver = true;
        // Whatever is not safe goes; the next generation judges.
        await world.Host(Node).RestartAsync();
        if (_ledger.Model.AcknowledgedEver == 0 || _ledger.StateBegun == 0)
            throw new CheckFailedException("idle", "nothing was acknowledged");
    }

    private static TimeSpan FaultsEnd => TimeSpan.FromMilliseconds(2_200);
}
