namespace Microcosm.Chubby;

/// <summary>What srvr and mntr tell of a member. Latencies in milliseconds of the node's clock, from a request's coming to its
/// answer.</summary>
internal sealed class MemberCounts
{
    /// <summary>Packets, as <see cref="Sent"/>.</summary>
    public long Received { get; set; }

    public long Sent { get; set; }

    public AvgMinMaxCounter Latency { get; } = new();

    public AvgMinMaxCounter ReadLatency { get; } = new();

    public AvgMinMaxCounter UpdateLatency { get; } = new();

    /// <summary>Bytes of replies.</summary>
    public AvgMinMaxCounter Responses { get; } = new();

    /// <summary>Bytes of changes, on the member that leads.</summary>
    public AvgMinMaxCounter Proposals { get; } = new();

    public long BytesReceived { get; set; }

    /// <summary>Changes applied.</summary>
    public long Commits { get; set; }

    public long AuthFailures { get; set; }

    public long Connections { get; set; }

    /// <summary>Turned away: too many.</summary>
    public long ConnectionsRejected { get; set; }

    public long ConnectionsDropped { get; set; }

    /// <summary>Packets beyond <c>jute.maxbuffer</c>.</summary>
    public long LargeRequests { get; set; }

    public long SessionsExpired { get; set; }

    /// <summary>A request was answered.</summary>
    public void Answered(long latencyMs, bool isWrite)
    {
        Latency.Add(latencyMs);
        (isWrite ? UpdateLatency : ReadLatency).Add(latencyMs);
    }

    /// <summary>srst: what operators look at begins anew.</summary>
    public void Reset()
    {
        (Received, Sent) = (0, 0);
        foreach (var counter in (AvgMinMaxCounter[])[Latency, Responses, Proposals])
            counter.Reset();
    }
}
