using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>What the server knows of one connection.</summary>
internal sealed class RedisClient(long id, SessionTransport? transport, OutputBuffer output, Database db)
{
    /// <summary>Unique and ascending on this server (CLIENT ID).</summary>
    public long Id { get; } = id;

    /// <summary>Null for the server's own clients (loading, replication).</summary>
    public SessionTransport? Transport { get; } = transport;

    public RespWriter Reply { get; } = new(output);

    /// <summary>The selected database.</summary>
    public Database Db { get; set; } = db;

    /// <summary>CLIENT SETNAME.</summary>
    public string Name { get; set; } = "";

    public bool IsAuthenticated { get; set; } = true;

    /// <summary>Unix milliseconds.</summary>
    public long CreatedMs { get; init; }

    public long LastInteractionMs { get; set; }

    /// <summary>The last command, for CLIENT LIST.</summary>
    public Operation<RedisCommandAttribute, RedisHandler>? LastOperation { get; set; }

    /// <summary>The transaction being queued, or null.</summary>
    public Transaction? Multi { get; set; }

    /// <summary>True while EXEC runs the queue: nothing blocks.</summary>
    public bool IsInExec { get; set; }

    /// <summary>Keys that were watched and have changed since.</summary>
    public bool WatchBroken { get; set; }

    /// <summary>Keys under WATCH.</summary>
    public List<WatchedKey> Watched { get; } = [];

    /// <summary>What the client waits for, or null.</summary>
    public BlockedState? Blocked { get; set; }

    public HashSet<byte[]> Channels { get; } = new(ByteKeyComparer.Instance);

    public HashSet<byte[]> Patterns { get; } = new(ByteKeyComparer.Instance);

    public HashSet<byte[]> ShardChannels { get; } = new(ByteKeyComparer.Instance);

    /// <summary>RESP2 clients with subscriptions may only use a few commands.</summary>
    public int Subscriptions => Channels.Count + Patterns.Count + ShardChannels.Count;

    /// <summary>Closes once the reply is out (QUIT, CLIENT KILL of itself, protocol errors).</summary>
    public bool CloseAfterReply { get; set; }

    /// <summary>CLIENT NO-EVICT.</summary>
    public bool NoEvict { get; set; }

    /// <summary>CLIENT REPLY OFF, or SKIP for the next command.</summary>
    public ReplyMode ReplyMode { get; set; }

    /// <summary>True while the server has this client on its list of replies to release at the turn's end.</summary>
    public bool IsTouched { get; set; }

    /// <summary>Output from this position on never leaves: a fault has cut it off.</summary>
    public long OutputEnd { get; private set; } = long.MaxValue;

    /// <summary>Output waits until this time (the fault "delay"), Unix milliseconds.</summary>
    public long HeldUntilMs { get; set; }

    /// <summary>The observed operation whose reply is still to come, or null.</summary>
    public Unanswered? Unanswered { get; set; }

    /// <summary>True if the metric of open connections has this one.</summary>
    public bool IsCounted { get; init; }

    /// <summary>Since when pending output is above its class' soft limit, Unix milliseconds; 0 while it is not.</summary>
    public long OverSoftLimitSinceMs { get; set; }

    public bool IsMonitor { get; set; }

    /// <summary>Closes the connection once what lies before <paramref name="position"/> is out; the rest is dropped.</summary>
    public void EndAt(long position)
    {
        OutputEnd = Math.Min(OutputEnd, position);
        CloseAfterReply = true;
    }
}
