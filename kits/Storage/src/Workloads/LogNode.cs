using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>
/// A node that works on its own log: some tasks append, truncate, commit and read side by side, and one replaces a small state. What they
/// did and what was acknowledged outlives the node in <see cref="LogLedger"/>, which each generation holds its disk against.
/// </summary>
internal sealed class LogNode(NodeContext context, LogLedger ledger) : Node(context)
{
    private const int Workers = 3;

    private SegmentedLog _log = null!;
    private StateFile _state = null!;

    /// <inheritdoc/>
    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _log = await SegmentedLog.OpenAsync(Context.Disk, "log", ledger.Options);
        _state = await StateFile.OpenAsync(Context.Disk, "hard-state");
        ledger.Reopened(LogContent.Of(_log), _state.HasValue ? int.Parse(Encoding.UTF8.GetString(_state.Value).Split(' ')[0]) : 0);
        var generation = ++ledger.Generations;
        for (var i = 1; i <= Workers; i++)
            Work(new LogScript(ledger.Model, Context.Seed.Stream($"work/{generation}/{i}"), $"{generation}.{i}."), generation, i);
        Replace(Context.Seed.Stream($"state/{generation}"));
    }

    /// <inheritdoc/>
    public override ValueTask StopAsync(CancellationToken cancellation) => _log.CloseAsync();

    // async void: an exception is the node's and ends it.
    private async void Work(LogScript script, int generation, int worker)
    {
        var random = Context.Seed.Stream($"pace/{generation}/{worker}");
        while (!ledger.IsOver)
        {
            script.Change(_log);
            if (random.Chance(0.3))
                await _log.WriteAsync();
            if (random.Chance(0.7))
                await script.CommitAsync(_log);
            if (random.Chance(0.1))
                script.Read(_log);
            if (random.Chance(0.5))
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(random.Chance(0.7) ? 10 : 100)), Context.Clock);
        }
    }

    private async void Replace(RandomStream random)
    {
        while (!ledger.IsOver)
        {
            var next = ++ledger.StateBegun;
            await _state.SaveAsync(Encoding.UTF8.GetBytes($"{next} {new string('x', random.Next(60))}"));
            ledger.StateAcknowledged = next;
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(60)), Context.Clock);
        }
    }
}
