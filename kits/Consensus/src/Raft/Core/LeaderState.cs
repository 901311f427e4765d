namespace Microcosm.Consensus;

/// <summary>What only a leader has, gone with its leadership.</summary>
internal sealed class LeaderState
{
    /// <summary>The other members, by id.</summary>
    public SortedList<long, Progress> Followers { get; } = [];

    public Rounds Rounds { get; } = new();

    public List<PendingRead> Reads { get; } = [];

    /// <summary>Index of the entry that began this term: nothing before it counts as committed until it is (paper 5.4.2).</summary>
    public required long FirstIndex { get; init; }

    public long HeartbeatAtUs { get; set; }

    /// <summary>Payload that is not applied yet.</summary>
    public long UncommittedBytes { get; set; }

    /// <summary>Who is to lead next; 0 for nobody.</summary>
    public long TransferTo { get; set; }

    public long TransferEndsAtUs { get; set; }

    /// <summary>
    /// A successor was told to stand, and voters will not wait for it: no lease holds in this term any more, not even when the transfer is
    /// given up, since that message may still be on its way.
    /// </summary>
    public bool IsLeaseWaived { get; set; }
}
