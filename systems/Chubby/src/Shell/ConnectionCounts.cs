namespace Microcosm.Chubby;

/// <summary>What stat and cons tell of a connection.</summary>
internal sealed class ConnectionCounts
{
    public long EstablishedMs { get; init; }

    public long ReceivedCount { get; private set; }

    public long Sent { get; set; }

    public string LastOperation { get; private set; } = "NA";

    public long LastZxid { get; private set; }

    public long LastResponseMs { get; private set; }

    public void Received() => ReceivedCount++;

    public void Answered(long nowMs, string operation, long zxid) => (LastResponseMs, LastOperation, LastZxid) = (nowMs, operation, zxid);
}
