namespace Microcosm.Chubby;

/// <summary>What stat and cons tell of a connection.</summary>
internal sealed class ConnectionCounts
{
    private string? _last;

    public long EstablishedMs { get; init; }

    public long ReceivedCount { get; private set; }

    public long Sent { get; set; }

    /// <summary>In the four letters that ZooKeeper has for it.</summary>
    public string LastOperation => _last is null ? "NA" : Letters(_last);

    /// <summary>-1 for none.</summary>
    public int LastXid { get; private set; } = -1;

    public long LastZxid { get; private set; }

    /// <summary>On the clock that counts from anywhere, as <see cref="HeardMs"/>.</summary>
    public long LastResponseMs { get; private set; }

    public long HeardMs { get; private set; }

    public AvgMinMaxCounter Latency { get; } = new();

    public void Received(long nowMs) => (HeardMs, ReceivedCount) = (nowMs, ReceivedCount + 1);

    public void Answered(long nowMs, long latencyMs, string operation, int xid, long zxid)
    {
        (LastResponseMs, _last, LastZxid) = (nowMs, operation, zxid);
        // Those of the client's own kind are negative.
        if (xid >= 0)
            LastXid = xid;
        Latency.Add(latencyMs);
    }

    /// <summary>crst</summary>
    public void Reset()
    {
        (ReceivedCount, Sent, _last, LastXid, LastZxid, LastResponseMs) = (0, 0, null, -1, 0, 0);
        Latency.Reset();
    }

    private static string Letters(string operation) => operation switch
    {
        "CreateSession" => "SESS",
        "SetACL" => "SETA",
        "GetACL" => "GETA",
        "SetWatches2" => "STW2",
        "MultiRead" => "MLTR",
        "GetAllChildrenNumber" => "GETACN",
        "CheckWatches" => "CHKW",
        "WhoAmI" => "HOMI",
        _ when operation.StartsWith("GetChildren", StringComparison.Ordinal) => "GETC",
        _ => new string([.. operation.Where(char.IsLetter).Take(4)]).ToUpperInvariant(),
    };
}
