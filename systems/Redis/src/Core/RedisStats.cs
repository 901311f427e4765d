namespace Microcosm.Redis;

/// <summary>Counters behind INFO stats. CONFIG RESETSTAT sets them to zero.</summary>
internal sealed class RedisStats
{
    /// <summary>When the server started, Unix milliseconds.</summary>
    public long StartMs { get; init; }

    public long ConnectionsReceived { get; set; }

    public long CommandsProcessed { get; set; }

    public long KeyspaceHits { get; set; }

    public long KeyspaceMisses { get; set; }

    public long ExpiredKeys { get; set; }

    public long EvictedKeys { get; set; }

    public long RejectedConnections { get; set; }

    public long ErrorReplies { get; set; }

    public long NetInputBytes { get; set; }

    public long NetOutputBytes { get; set; }

    /// <summary>Calls by operation index.</summary>
    public CommandStats[] Commands { get; } = CreateCommands();

    /// <summary>Errors by prefix (INFO errorstats).</summary>
    public SortedDictionary<string, long> Errors { get; } = new(StringComparer.Ordinal);

    /// <summary>Highest used memory that INFO has seen.</summary>
    public long PeakMemory { get; set; }

    /// <summary>CONFIG RESETSTAT.</summary>
    public void Reset()
    {
        ConnectionsReceived = CommandsProcessed = KeyspaceHits = KeyspaceMisses = ExpiredKeys = EvictedKeys = 0;
        RejectedConnections = ErrorReplies = NetInputBytes = NetOutputBytes = 0;
        Errors.Clear();
        foreach (var command in Commands)
            command.Calls = command.Ticks = command.Rejected = command.Failed = 0;
    }

    private static CommandStats[] CreateCommands()
    {
        var stats = new CommandStats[RedisCommands.All.Length];
        for (var i = 0; i < stats.Length; i++)
            stats[i] = new CommandStats();
        return stats;
    }
}
