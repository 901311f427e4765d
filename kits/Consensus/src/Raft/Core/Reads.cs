using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// Reads that see every write acknowledged before them (thesis 6.4). Invariants: a read's index is at least what was committed
/// when it came,
/// and the leader has committed an entry of its own term by then; a round that began after it, or a lease, proves that no later leader had
/// been elected.
/// </summary>
internal static class Reads
{
    public static RaftRefusal Read(RaftState s, long context)
    {
        if (s.Lead is not null)
            return Read(s, context, s.Id);
        if (s.Leader == 0)
            return RaftRefusal.NotLeader;
        if (s.Forwarded?.Count >= s.Options.PendingReadsMax)
            return RaftRefusal.TooManyReads;
        (s.Forwarded ??= []).Add(context);
        s.Out.Send(s.Message(MessageKind.ReadIndex, s.Leader) with { Context = context });
        return RaftRefusal.None;
    }

    /// <summary>A read of this leader or of a follower. One that finds no room is refused to the one and not answered to the
    /// other.</summary>
    public static RaftRefusal Read(RaftState s, long context, long from)
    {
        var lead = s.Lead!;
        if (lead.Reads.Count >= s.Options.PendingReadsMax)
            return RaftRefusal.TooManyReads;
        if (!IsTermCommitted(s))
            lead.Reads.Add(new PendingRead(context, from, -1, 0));
        else if ((s.Options.LeaseReads && HoldsLease(s)) || Bug.IsPlanted("raft/read-without-confirmation"))
            Answer(s, new PendingRead(context, from, s.Log.Commit, 0));
        else
            Ask(s, context, from);
        return RaftRefusal.None;
    }

    /// <summary>True while no other leader can have been elected, by this node's own clock and the bound on everyone's drift.</summary>
    public static bool HoldsLease(RaftState s)
    {
        if (s.Lead is not { IsLeaseWaived: false } lead)
            return false;
        var leaseUs = Bug.IsPlanted("raft/lease-without-clock-bound") ? s.Options.ElectionTimeoutUs : s.Options.LeaseUs;
        return s.NowUs - lead.Rounds.ConfirmedAtUs < leaseUs || IsAlone(s);
    }

    /// <summary>The first entry of the term was committed: reads that waited for it know their index now.</summary>
    public static void TermCommitted(RaftState s)
    {
        if (!IsTermCommitted(s))
            return;
        var reads = s.Lead!.Reads;
        var waiting = reads.FindAll(r => r.Index < 0);
        if (waiting.Count == 0)
            return;
        reads.RemoveAll(r => r.Index < 0);
        foreach (var read in waiting)
            Ask(s, read.Context, read.From);
    }

    /// <summary>Someone answered, or a round began: what a quorum has confirmed by now is answered.</summary>
    public static void RoundAnswered(RaftState s)
    {
        var lead = s.Lead!;
        var reached = Quorum.Reached(s.Membership, id => id == s.Id ? lead.Rounds.Current
            : lead.Followers.TryGetValue(id, out var follower) ? follower.AckedRound : 0);
        if (!lead.Rounds.Confirm(reached) || lead.Reads.Count == 0)
            return;
        foreach (var read in lead.Reads)
        {
            if (read.Index >= 0 && read.Round <= reached)
                Answer(s, read);
        }
        lead.Reads.RemoveAll(r => r.Index >= 0 && r.Round <= reached);
        if (lead.Rounds.Asked <= reached && lead.Reads.Exists(r => r.Index >= 0 && r.Round > lead.Rounds.Current))
            BeginRound(s);
    }

    /// <summary>The leader told a read index.</summary>
    public static void Told(RaftState s, RaftMessage m)
    {
        if (s.Forwarded?.Remove(m.Context) == true)
            (s.ReadStates ??= []).Add(new ReadState(m.Context, m.Index));
    }

    public static void DropForwarded(RaftState s)
    {
        if (s.Forwarded is not { Count: > 0 } forwarded)
            return;
        (s.DroppedReads ??= []).AddRange(forwarded);
        s.Forwarded = null;
    }

    public static void DropAll(RaftState s)
    {
        foreach (var read in s.Lead!.Reads)
        {
            if (read.From == s.Id)
                (s.DroppedReads ??= []).Add(read.Context);
        }
    }

    private static bool IsTermCommitted(RaftState s) =>
        s.Log.Commit >= s.Lead!.FirstIndex || Bug.IsPlanted("raft/read-before-own-term");

    private static bool IsAlone(RaftState s) => !s.Membership.IsJoint && s.Membership.Voters is [var only] && only == s.Id;

    // Reads that come while a round for reads is under way share the next one: one round a round trip, however many reads.
    private static void Ask(RaftState s, long context, long from)
    {
        var rounds = s.Lead!.Rounds;
        s.Lead.Reads.Add(new PendingRead(context, from, s.Log.Commit, rounds.Current + 1));
        if (rounds.Asked <= rounds.Confirmed)
            BeginRound(s);
    }

    private static void BeginRound(RaftState s)
    {
        s.Lead!.Rounds.Asked = s.Lead.Rounds.Current + 1;
        Leadership.Heartbeat(s);
    }

    private static void Answer(RaftState s, PendingRead read)
    {
        if (read.From == s.Id)
            (s.ReadStates ??= []).Add(new ReadState(read.Context, read.Index));
        else
            s.Out.Send(s.Message(MessageKind.ReadIndexResponse, read.From) with { Context = read.Context, Index = read.Index });
    }
}
