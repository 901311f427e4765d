namespace Microcosm.Kafka;

/// <summary>What the parts of every coordinator's shard share: whether it is open, what is to be written, and when which of its items, by
/// their ids, is due.</summary>
internal abstract class CoordinatorBoard
{
    private readonly SortedSet<(long DueMs, string Id)> _due = new(Comparer<(long DueMs, string Id)>.Create((a, b) =>
        a.DueMs != b.DueMs ? a.DueMs.CompareTo(b.DueMs) : string.CompareOrdinal(a.Id, b.Id)));

    public Queue<CoordinatorWrite> Writes { get; } = [];

    public bool IsLoaded { get; set; }

    public bool IsEnded { get; private set; }

    public bool MustReload { get; private set; }

    public long NextDueMs => _due.Count == 0 ? long.MaxValue : _due.Min.DueMs;

    public bool IsClosed => !IsLoaded || IsEnded;

    /// <summary>What a request gets that comes too early or too late.</summary>
    public KafkaError ClosedError => IsEnded ? KafkaError.NotCoordinator : KafkaError.CoordinatorLoadInProgress;

    /// <summary>All who wait, and all who come, get NOT_COORDINATOR; whose write the host has taken, when it is done.</summary>
    public void End()
    {
        if (IsEnded)
            return;
        IsEnded = true;
        _due.Clear();
        while (Writes.TryDequeue(out var write))
            write.Done(KafkaError.NotCoordinator);
        EndWaits();
    }

    /// <summary>A write came to nothing: the state here is ahead of the log, so the whole shard ends, and another is loaded.</summary>
    protected void Fail()
    {
        MustReload = true;
        End();
    }

    /// <summary>Whoever waits for something else than a write, when all ends.</summary>
    protected abstract void EndWaits();

    /// <summary>Moves the time at which an item is due; <see cref="long.MaxValue"/> for never.</summary>
    /// <returns>The new time, for the item to keep.</returns>
    protected long Move(string id, long fromMs, long toMs)
    {
        if (fromMs == toMs)
            return toMs;
        _due.Remove((fromMs, id));
        if (toMs != long.MaxValue)
            _due.Add((toMs, id));
        return toMs;
    }

    /// <summary>The item that is due first, and now; null if none is.</summary>
    protected string? FirstDue(long nowMs) => NextDueMs <= nowMs && _due.Count > 0 ? _due.Min.Id : null;
}
