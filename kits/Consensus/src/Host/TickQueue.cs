namespace Microcosm.Consensus;

/// <summary>
/// When time has something to do for whom, for all groups of a node. A member is in it once that counts: a time that moved away is found
/// out when it comes, so that messages, which move it all the time, cost nothing here.
/// </summary>
internal sealed class TickQueue
{
    private readonly PriorityQueue<RaftMember, long> _queue = new();

    /// <summary>The earliest time, in µs; the largest number for none.</summary>
    public long NextUs => _queue.TryPeek(out _, out var atUs) ? atUs : long.MaxValue;

    /// <summary>Wakes a member at a time, or before.</summary>
    public void Put(RaftMember member, long atUs)
    {
        if (member.QueuedAtUs <= atUs)
            return;
        member.QueuedAtUs = atUs;
        _queue.Enqueue(member, atUs);
    }

    /// <summary>The next member whose time has come, or null.</summary>
    public RaftMember? Take(long nowUs)
    {
        while (_queue.TryPeek(out var member, out var atUs) && atUs <= nowUs)
        {
            _queue.Dequeue();
            if (member.QueuedAtUs != atUs)
                continue;
            member.QueuedAtUs = long.MaxValue;
            if (member.NextDueUs <= nowUs)
                return member;
            Put(member, member.NextDueUs);
        }
        return null;
    }
}
