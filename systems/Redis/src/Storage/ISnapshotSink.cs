namespace Microcosm.Redis;

/// <summary>Takes the keys of a snapshot, in any order, databases mixed.</summary>
internal interface ISnapshotSink
{
    /// <summary>What was taken and not yet written to a file.</summary>
    ReadOnlySpan<byte> Pending { get; }

    void Begin(RedisServer server, bool isAofBase);

    void Write(Database db, Entry entry);

    void End(RedisServer server);

    /// <summary>Forgets <see cref="Pending"/>, which was written.</summary>
    void Clear();
}
