using Microcosm.Runtime;
using Microcosm.Storage;

namespace Microcosm.Specimen;

/// <summary>
/// The changes on the disk, in <c>changes/</c>. When they are many more than the state needs, the state is written anew behind them and
/// what stands before it goes.
/// </summary>
internal sealed class ChangeLog
{
    private const int SpareRecords = 1_000;

    private readonly SegmentedLog _log;

    private ChangeLog(SegmentedLog log) => _log = log;

    /// <summary>Numbers of the first record and of the next one, and below which all survive a crash.</summary>
    public (long First, long Next, long DurableNext) Range => (_log.First, _log.Next, _log.DurableNext);

    /// <summary>Opens the log, or makes it, and makes its changes in the table.</summary>
    public static async ValueTask<ChangeLog> OpenAsync(IDisk disk, KeyTable table)
    {
        var log = await SegmentedLog.OpenAsync(disk, "changes");
        using var reader = log.ReadFrom(log.First);
        while (reader.TryRead(out var record))
            table.Apply(ChangeCodec.Decode(record));
        return new ChangeLog(log);
    }

    public void Append(Change change) => _log.Append(ChangeCodec.Encode(change));

    /// <summary>Completes when all that was appended survives a crash.</summary>
    public ValueTask CommitAsync(KeyTable table)
    {
        if (_log.Next - _log.First > (2 * table.Count) + SpareRecords)
            Compact(table);
        return _log.CommitAsync();
    }

    public ValueTask CloseAsync() => _log.CloseAsync();

    // A crash before the commit leaves the old records before the new ones: they say the same.
    private void Compact(KeyTable table)
    {
        var start = _log.Next;
        foreach (var change in table.Contents)
            Append(change);
        _log.TruncatePrefix(start);
    }
}
