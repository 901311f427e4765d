namespace Microcosm.Redis;

/// <summary>Why a client is blocked and how it goes on.</summary>
internal sealed class BlockedState(StoredCommand command, Database db, byte[][] keys, Action<RespWriter> onTimeout)
{
    /// <summary>Runs again when a key may be ready.</summary>
    public StoredCommand Command { get; } = command;

    public Database Db { get; } = db;

    public byte[][] Keys { get; } = keys;

    public Action<RespWriter> OnTimeout { get; } = onTimeout;

    /// <summary>Unix milliseconds; <see cref="long.MaxValue"/> waits for ever.</summary>
    public long DeadlineMs { get; init; } = long.MaxValue;

    /// <summary>
    /// The key that became ready, while the command runs again: it is served from this one, whatever the order of its keys.
    /// </summary>
    public byte[]? ReadyKey { get; set; }

    /// <summary>Order in which clients blocked: first come, first served.</summary>
    public long Ticket { get; init; }
}
