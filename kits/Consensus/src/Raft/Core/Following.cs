using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A follower's side of the log (paper 5.3). Invariants: entries are taken only behind one that agrees; what agrees is never cut off,
/// however old the message; commit does not pass the last entry known to agree; an answer leaves when the entries are on the disk.
/// </summary>
internal static class Following
{
    /// <summary>The leader of this term was heard.</summary>
    public static void Heard(RaftState s, long leader)
    {
        Invariant.Check(s.Role != RaftRole.Leader, "two leaders in one term");
        if (s.Role != RaftRole.Follower || s.Leader != leader)
            Election.BecomeFollower(s, s.Term, leader);
        s.HeardAtUs = s.NowUs;
        s.ResetElectionTimer();
    }

    public static void Append(RaftState s, RaftMessage m)
    {
        if (m.Index < s.Log.Commit && !Bug.IsPlanted("raft/truncates-without-conflict"))
        {
            Answer(s, m, s.Log.Commit);
            return;
        }
        if (!s.Log.Matches(m.Index, m.LogTerm) && !(Bug.IsPlanted("raft/append-without-term-check") && m.Index <= s.Log.LastIndex))
        {
            // Bounded by the log's end, so that the leader skips what this member cannot have.
            var hint = Replication.Agreement(s.Log, m.Index, m.LogTerm);
            s.Out.SendWhenDurable(s.Message(MessageKind.AppendResponse, m.From) with
            {
                Index = m.Index, IsReject = true, Hint = hint, HintTerm = Math.Max(0, s.Log.TermAt(hint)), Round = m.Round,
            });
            return;
        }
        Take(s, m.Entries);
        var last = m.Index + m.Entries.Count;
        s.Log.CommitTo(Math.Min(m.Commit, last));
        Answer(s, m, last);
    }

    public static void Heartbeat(RaftState s, RaftMessage m)
    {
        // No higher than what this member acknowledged: if its log ends before, its disk broke a promise.
        s.Log.CommitTo(m.Commit);
        s.Out.Send(s.Message(MessageKind.HeartbeatResponse, m.From) with { Round = m.Round });
    }

    private static void Take(RaftState s, IReadOnlyList<RaftEntry> entries)
    {
        var first = 0;
        while (first < entries.Count && s.Log.Matches(entries[first].Index, entries[first].Term)
            && !Bug.IsPlanted("raft/truncates-without-conflict"))
        {
            first++;
        }
        if (first == entries.Count)
            return;
        if (entries[first].Index <= s.Log.LastIndex)
        {
            s.Log.CutFrom(entries[first].Index);
            s.Memberships.CutFrom(entries[first].Index);
        }
        for (var i = first; i < entries.Count; i++)
        {
            s.Log.Append(entries[i]);
            s.Memberships.Append(entries[i]);
        }
    }

    private static void Answer(RaftState s, RaftMessage m, long index)
    {
        var answer = s.Message(MessageKind.AppendResponse, m.From) with { Index = index, Round = m.Round };
        if (Bug.IsPlanted("raft/acknowledged-before-sync"))
            s.Out.Send(answer);
        else
            s.Out.SendWhenDurable(answer);
    }
}
