using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A leader's log and how it gets to the followers (paper 5.3, 5.4.2; thesis 10.2). Invariants: a leader only appends to its log; an entry
/// is committed when a quorum has it on its disks and it, or one behind it, is of the leader's term; the leader counts itself only once its
/// own disk has it; what is under way to a follower, and what is not yet applied, is bounded.
/// </summary>
internal static class Replication
{
    public static RaftRefusal Propose(RaftState s, ReadOnlyMemory<byte> data)
    {
        if (s.Lead is not { } lead)
            return RaftRefusal.NotLeader;
        if (lead.TransferTo != 0)
            return RaftRefusal.TransferInProgress;
        if (data.Length > s.Options.EntryBytesMax)
            return RaftRefusal.EntryTooLarge;
        if (lead.UncommittedBytes > 0 && lead.UncommittedBytes + data.Length > s.Options.UncommittedBytesMax)
            return RaftRefusal.TooMuchUncommitted;
        Append(s, EntryKind.Command, data);
        return RaftRefusal.None;
    }

    /// <summary>Adds an entry of this term. It is sent with the next ready, together with what else came by then.</summary>
    public static void Append(RaftState s, EntryKind kind, ReadOnlyMemory<byte> data)
    {
        var entry = new RaftEntry(s.Log.LastIndex + 1, s.Term, kind, data);
        s.Log.Append(entry);
        s.Memberships.Append(entry);
        s.Lead!.UncommittedBytes += data.Length;
        if (kind == EntryKind.Membership)
            Leadership.FollowMembership(s);
    }

    /// <summary>Sends everyone what it lacks, as far as limits allow.</summary>
    public static void SendAll(RaftState s)
    {
        foreach (var follower in s.Lead!.Followers.Values)
            SendTo(s, follower, evenIfEmpty: false);
    }

    public static void SendTo(RaftState s, Progress follower, bool evenIfEmpty)
    {
        while (!follower.IsPaused)
        {
            var previous = follower.Next - 1;
            var term = s.Log.TermAt(previous);
            if (term < 0)
            {
                SnapshotSending.Begin(s, follower);
                return;
            }
            var entries = s.Log.Slice(follower.Next, s.Log.LastIndex, s.Options.MessageEntriesMax, s.Options.MessageBytesMax);
            if (entries.Length == 0 && !evenIfEmpty && follower.CommitSent >= s.Log.Commit && follower.State == ProgressState.Replicate)
                return;
            s.Out.Send(s.Message(MessageKind.Append, follower.Id) with
            {
                Index = previous, LogTerm = term, Commit = s.Log.Commit, Entries = entries, Round = s.Lead!.Rounds.Current,
            });
            follower.CommitSent = s.Log.Commit;
            evenIfEmpty = false;
            if (follower.State == ProgressState.Probe)
                follower.IsProbed = true;
            else if (entries.Length > 0)
                follower.Sent(entries[^1].Index, entries.Sum(e => e.Bytes));
        }
    }

    public static void Answered(RaftState s, RaftMessage m)
    {
        if (!s.Lead!.Followers.TryGetValue(m.From, out var follower))
            return;
        if (m.IsReject)
        {
            if (follower.Refused(m.Index, Agreement(s.Log, m.Hint, m.HintTerm)))
                SendTo(s, follower, evenIfEmpty: true);
            return;
        }
        Invariant.Check(m.Index <= s.Log.LastIndex, "a follower cannot have more of this term than its leader");
        var isNews = follower.Matched(m.Index);
        if (!isNews && !(follower.State == ProgressState.Probe && m.Index == follower.Match))
            return;
        if (follower.State == ProgressState.Replicate)
            follower.Inflights.FreeTo(m.Index);
        else if (follower.State == ProgressState.Probe || follower.Match >= s.Log.BaseIndex)
            follower.Replicate();
        AdvanceCommit(s);
        if (s.Lead is not null)
            Leadership.TellSuccessor(s, follower);
    }

    /// <summary>Commits what a quorum has, if it ends in this term (paper 5.4.2: entries of older terms are committed by what
    /// follows).</summary>
    public static void AdvanceCommit(RaftState s)
    {
        var reached = Quorum.Reached(s.Membership,
            id => id == s.Id ? s.Log.Stable : s.Lead!.Followers.TryGetValue(id, out var follower) ? follower.Match : 0);
        if (reached <= s.Log.Commit)
            return;
        if (s.Log.TermAt(reached) != s.Term && !Bug.IsPlanted("raft/commits-an-old-term-by-counting"))
            return;
        s.Log.CommitTo(reached);
        Reads.TermCommitted(s);
        MembershipChanges.Committed(s);
    }

    /// <summary>
    /// The last entry at or before <paramref name="index"/> whose term is not above <paramref name="term"/>: nothing behind it can agree
    /// with a log that ends so (paper 5.3, the optimisation). Both sides use it, so a conflict costs one message a term at most.
    /// </summary>
    public static long Agreement(RaftLog log, long index, long term)
    {
        index = Math.Min(index, log.LastIndex);
        while (index > log.BaseIndex && log.TermAt(index) > term)
            index--;
        return index;
    }
}
