using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>A node whose tasks write to one compacted log, sync and clean it side by side.</summary>
internal sealed class CleanerNode(NodeContext context, LogLedger<CleanerModel> ledger) : Node(context)
{
    private PartitionLog _log = null!;

    private long NowMs => Context.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _log = await PartitionLog.OpenAsync(Context.Disk, "t-0", ledger.Settings, Context.Clock);
        ledger.Judge(() => ledger.Model.Reopened(_log));
        var generation = ++ledger.Generations;
        Write(Context.Seed.Stream($"write/{generation}/1"));
        Write(Context.Seed.Stream($"write/{generation}/2"));
        Clean(Context.Seed.Stream($"clean/{generation}"));
    }

    public override ValueTask StopAsync(CancellationToken cancellation) => _log.CloseAsync();

    // async void: an exception is the node's and ends it.
    private async void Write(RandomStream random)
    {
        while (!ledger.IsOver)
        {
            for (var n = random.Next(4); n >= 0; n--)
                ledger.Judge(() => ledger.Model.Append(_log));
            if (random.Chance(0.6))
            {
                var end = _log.LogEndOffset;
                await _log.SyncAsync();
                ledger.Model.SyncedEnd = Math.Max(ledger.Model.SyncedEnd, end);
                _log.OnHighWatermark(_log.SyncedEndOffset);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(30)), Context.Clock);
        }
    }

    private async void Clean(RandomStream random)
    {
        while (!ledger.IsOver)
        {
            if (await _log.CompactAsync(NowMs, _log.HighWatermark))
                ledger.Done++;
            ledger.Judge(() => ledger.Model.Check(_log));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), Context.Clock);
        }
    }
}
