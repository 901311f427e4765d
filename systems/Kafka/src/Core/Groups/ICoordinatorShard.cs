namespace Microcosm.Kafka;

/// <summary>
/// A coordinator of one partition of an internal topic. It is stepped: time comes in as an argument, records go out by
/// <see cref="TryTakeWrite"/>. Its host appends them in order, ticks it, and ends it with <see cref="Unload"/>.
/// </summary>
internal interface ICoordinatorShard
{
    /// <summary>Replays one record of the log. Only before <see cref="Loaded"/>.</summary>
    void Load(byte[] key, byte[]? value, long producerId = -1);

    /// <summary>Replays the end of a transaction whose records are in this partition.</summary>
    void LoadMarker(long producerId, bool isCommit);

    /// <summary>The log is replayed: sessions start to count.</summary>
    void Loaded(long nowMs);

    /// <summary>When <see cref="Tick"/> is needed next, in ms; <see cref="long.MaxValue"/> for never.</summary>
    long NextDueMs { get; }

    /// <summary>Runs what is due.</summary>
    void Tick(long nowMs);

    /// <summary>Takes the next batch to be appended.</summary>
    bool TryTakeWrite(out CoordinatorWrite write);

    /// <summary>A write failed, so the state is ahead of the log: unload this shard and load a new one.</summary>
    bool MustReload { get; }

    /// <summary>Whoever waits gets NOT_COORDINATOR; so does everybody after.</summary>
    void Unload();
}
