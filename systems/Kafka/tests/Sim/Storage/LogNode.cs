using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>A node whose tasks write to one log, sync, cut and shorten it side by side, on a disk that takes its time.</summary>
internal sealed class LogNode(NodeContext context, LogLedger<LogModel> ledger) : Node(context)
{
    private PartitionLog _log = null!;

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _log = await PartitionLog.OpenAsync(Context.Disk, "t-0", ledger.Settings, Context.Clock);
        ledger.Judge(() => ledger.Model.Reopened(_log));
        var generation = ++ledger.Generations;
        for (var i = 0; i < 3; i++)
            Write(Context.Seed.Stream($"write/{generation}/{i}"));
        Change(Context.Seed.Stream($"change/{generation}"));
    }

    public override ValueTask StopAsync(CancellationToken cancellation) => _log.CloseAsync();

    // async void: an exception is the node's and ends it.
    private async void Write(RandomStream random)
    {
        var script = new LogScript(ledger.Model, random);
        while (!ledger.IsOver)
        {
            for (var n = random.Next(4); n >= 0 && !_log.State.IsChanging; n--)
                ledger.Judge(() => script.Append(_log));
            if (random.Chance(0.6))
            {
                await script.SyncAsync(_log, withCheckpoint: random.Chance(0.1));
                ledger.Done++;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(random.Chance(0.7) ? 10 : 60)), Context.Clock);
        }
    }

    private async void Change(RandomStream random)
    {
        var script = new LogScript(ledger.Model, random);
        while (!ledger.IsOver)
        {
            await script.ChangeAsync(_log);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), Context.Clock);
        }
    }
}
