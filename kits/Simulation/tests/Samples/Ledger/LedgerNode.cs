using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Store;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples.Ledger;

/// <summary>
/// A counter whose additions happen exactly once however often clients retry: <c>ADD client ordinal n</c> answers the sum after it;
/// <c>LIST</c> answers all applied commands in order. Invariant: a command and the entry in the table of answered commands are one
/// record of the log, so that no crash can part them (Lee et al., "RIFL", SOSP 2015).
/// </summary>
internal sealed class LedgerNode(NodeContext context) : LineNode(context)
{
    private readonly Dictionary<string, (long Ordinal, long Sum)> _answered = new(StringComparer.Ordinal);
    private readonly List<string> _applied = [];
    private WriteAheadLog _log = null!;
    private long _sum;
    private bool _recovering;

    /// <inheritdoc/>
    protected override async ValueTask RecoverAsync()
    {
        _log = new WriteAheadLog(Context.Executor, Context.Disk.Open("ledger", DiskOpen.OrCreate));
        _recovering = true;
        _log.Recover(record =>
        {
            var words = record.Split(' ');
            Apply(words[0], Number(words[1]), Number(words[2]));
        });
        _recovering = false;
        await Context.Disk.SyncNamesAsync();
    }

    /// <inheritdoc/>
    protected override async ValueTask<string?> HandleAsync(string[] words)
    {
        switch (words)
        {
            case ["ADD", var client, var ordinal, var amount]:
                return await AddAsync(client, Number(ordinal), Number(amount));
            case ["LIST"]:
                var list = string.Join(',', _applied);
                await _log.WhenDurable();
                return list.Length == 0 ? "-" : list;
            default:
                return "ERR unknown request";
        }
    }

    private async ValueTask<string?> AddAsync(string client, long ordinal, long amount)
    {
        if (_answered.TryGetValue(client, out var last) && !Bug.IsPlanted("ledger/retry-applied-again"))
        {
            if (ordinal == last.Ordinal)
            {
                // The first try may still be on its way to the disk.
                if (!Bug.IsPlanted("ledger/retry-answered-before-sync"))
                    await _log.WhenDurable();
                return Text(last.Sum);
            }
            if (ordinal < last.Ordinal)
                return "ERR stale ordinal";
        }
        var durable = _log.Append($"{client} {ordinal} {amount}");
        var sum = Apply(client, ordinal, amount);
        await durable;
        return Text(sum);
    }

    private long Apply(string client, long ordinal, long amount)
    {
        _sum += amount;
        _applied.Add($"{client}/{ordinal}");
        if (!(_recovering && Bug.IsPlanted("ledger/answers-not-persisted")))
            _answered[client] = (ordinal, _sum);
        return _sum;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
