using Microcosm.Runtime;
using Microcosm.Simulation.Tests.Samples.Wire;

namespace Microcosm.Simulation.Tests.Samples.Store;

/// <summary>
/// A durable key-value store: <c>GET k</c>, <c>SET k v</c>, <c>CAS k old new</c>; <c>-</c> stands for no value. State and invariants:
/// every change is in the log before it is in memory; no answer leaves before what it says or shows is synced.
/// </summary>
internal sealed class StoreNode(NodeContext context) : LineNode(context)
{
    private const int RecordsPerSnapshot = 12;

    private readonly StoreFiles _files = new(context);
    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);
    private WriteAheadLog _wal = null!;
    private int _records;
    private Task _compaction = Task.CompletedTask;

    /// <inheritdoc/>
    protected override async ValueTask RecoverAsync() => _wal = await _files.RecoverAsync(Replay);

    /// <inheritdoc/>
    protected override async ValueTask<string?> HandleAsync(string[] words)
    {
        switch (words)
        {
            case ["GET", var key]:
                var value = _values.GetValueOrDefault(key, "-");
                if (!Bug.IsPlanted("store/dirty-read"))
                    await _wal.WhenDurable();
                return value;
            case ["SET", var key, var next]:
                await WriteAsync(key, next, _ => true);
                return "OK";
            case ["CAS", var key, var expected, var next]:
                return await WriteAsync(key, next, current => current == expected) ? "SWAPPED" : "KEPT";
            default:
                return "ERR unknown request";
        }
    }

    private async ValueTask<bool> WriteAsync(string key, string value, Func<string, bool> condition)
    {
        while (!_compaction.IsCompleted)
            await _compaction;
        if (!condition(_values.GetValueOrDefault(key, "-")))
        {
            await _wal.WhenDurable();
            return false;
        }
        var durable = _wal.Append($"{key} {value}");
        Replay($"{key} {value}");
        if (_records >= RecordsPerSnapshot)
            BeginCompaction();
        await durable;
        return true;
    }

    // async void: a compaction that fails half-way ends the node. Who goes on with the old log may find a newer generation at the next
    // start.
    private async void BeginCompaction()
    {
        _compaction = CompactAsync();
        if (!Bug.IsPlanted("store/failed-compaction-ignored"))
            await _compaction;
    }

    private async Task CompactAsync()
    {
        // What the old log still owes is paid before the log goes.
        await _wal.WhenDurable();
        var old = _wal;
        _wal = await _files.CompactAsync(_values.Select(v => $"{v.Key} {v.Value}"));
        old.Dispose();
        _records = 0;
    }

    private void Replay(string record)
    {
        var words = record.Split(' ');
        // A record that verifies and does not parse is a bug of the writer.
        if (words.Length == 2)
            _values[words[0]] = words[1];
        else
            Invariant.Check(Bug.IsPlanted("wal/torn-record-accepted"), "store record has a key and a value");
        _records++;
    }
}
