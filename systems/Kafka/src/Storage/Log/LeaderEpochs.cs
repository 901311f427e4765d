namespace Microcosm.Kafka;

/// <summary>Where the leadership of an epoch began in a log.</summary>
internal readonly record struct EpochEntry(int Epoch, long StartOffset);

/// <summary>
/// Which leader's epoch wrote which part of a log (Kafka's LeaderEpochFileCache; KIP-101, KIP-279). Invariant: epochs and start offsets
/// both grow from entry to entry.
/// </summary>
internal sealed class LeaderEpochs
{
    /// <summary>Stands for an epoch, and for an offset, that is not known.</summary>
    public const int Undefined = -1;

    private readonly List<EpochEntry> _entries = [];

    public IReadOnlyList<EpochEntry> Entries => _entries;

    /// <summary>The last epoch that is known, or -1.</summary>
    public int Latest => _entries.Count == 0 ? Undefined : _entries[^1].Epoch;

    /// <summary>An epoch begins at an offset. What contradicts that goes: a leader with it has written there.</summary>
    public void Assign(int epoch, long startOffset)
    {
        if (epoch < 0 || (_entries.Count > 0 && _entries[^1] is var last && last.Epoch == epoch && last.StartOffset <= startOffset))
            return;
        while (_entries.Count > 0 && (_entries[^1].Epoch >= epoch || _entries[^1].StartOffset >= startOffset))
            _entries.RemoveAt(_entries.Count - 1);
        _entries.Add(new EpochEntry(epoch, startOffset));
    }

    /// <summary>The largest epoch up to the one that is asked for, and where it ends; -1 and -1 if nothing is known of it.</summary>
    public (int Epoch, long EndOffset) EndOffsetFor(int epoch, long logEndOffset)
    {
        if (epoch == Undefined)
            return (Undefined, Undefined);
        if (epoch == Latest)
            return (epoch, logEndOffset);
        var higher = _entries.FindIndex(e => e.Epoch > epoch);
        if (higher < 0)
            return (Undefined, Undefined);
        // Below the first one: what it wrote is gone from the log.
        return (higher == 0 ? epoch : _entries[higher - 1].Epoch, _entries[higher].StartOffset);
    }

    /// <summary>The epoch that wrote at an offset, or -1.</summary>
    public int EpochAt(long offset)
    {
        var at = _entries.FindLastIndex(e => e.StartOffset <= offset);
        return at < 0 ? Undefined : _entries[at].Epoch;
    }

    /// <summary>The log ends at <paramref name="endOffset"/> now.</summary>
    public void TruncateFromEnd(long endOffset) => _entries.RemoveAll(e => e.StartOffset >= endOffset);

    /// <summary>The log begins at <paramref name="startOffset"/> now; the epoch that it begins in stays.</summary>
    public void TruncateFromStart(long startOffset)
    {
        var at = _entries.FindLastIndex(e => e.StartOffset <= startOffset);
        if (at < 0)
            return;
        _entries[at] = new EpochEntry(_entries[at].Epoch, startOffset);
        _entries.RemoveRange(0, at);
    }

    public void Clear() => _entries.Clear();
}
