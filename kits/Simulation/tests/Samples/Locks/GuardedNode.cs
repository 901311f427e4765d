using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Store;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples.Locks;

/// <summary>
/// Storage that a lock guards: <c>APPEND token value</c> is refused when a higher token was seen, since a holder whose lease ran out may
/// still have a request on its way; <c>LIST</c> answers what was appended, each with its token. The highest token is in the log too.
/// </summary>
internal sealed class GuardedNode(NodeContext context) : LineNode(context)
{
    private readonly List<string> _entries = [];
    private WriteAheadLog _log = null!;
    private long _highest;

    /// <inheritdoc/>
    protected override async ValueTask RecoverAsync()
    {
        _log = new WriteAheadLog(Context.Executor, Context.Disk.Open("guarded", DiskOpen.OrCreate));
        _log.Recover(record =>
        {
            _entries.Add(record);
            if (!Bug.IsPlanted("locks/fencing-token-not-persisted"))
                _highest = TokenOf(record);
        });
        await Context.Disk.SyncNamesAsync();
    }

    /// <inheritdoc/>
    protected override async ValueTask<string?> HandleAsync(string[] words)
    {
        switch (words)
        {
            case ["APPEND", var token, var value]:
                var number = long.Parse(token, CultureInfo.InvariantCulture);
                if (number < _highest && !Bug.IsPlanted("locks/fencing-token-not-checked"))
                    return "FENCED";
                _highest = Math.Max(_highest, number);
                _entries.Add($"{token}:{value}");
                await _log.Append($"{token}:{value}");
                return "OK";
            case ["LIST"]:
                var list = _entries.Count == 0 ? "-" : string.Join(',', _entries);
                await _log.WhenDurable();
                return list;
            default:
                return "ERR unknown request";
        }
    }

    /// <summary>The token of an entry.</summary>
    public static long TokenOf(string entry) => long.Parse(entry.AsSpan(0, entry.IndexOf(':')), CultureInfo.InvariantCulture);
}
