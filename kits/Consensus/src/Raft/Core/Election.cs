using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// Elections (paper 5.2, 5.4.1; thesis 3.4, 9.6). Invariants: asking for pre-votes changes no term; a vote goes only to a candidate whose
/// log is at least as up to date; a candidate counts its own vote once it is on the disk, like anyone else's; nobody votes for
/// another while
/// a leader may count on its loyalty, unless that leader wills it.
/// </summary>
internal static class Election
{
    /// <summary>
    /// A member that its latest membership leaves out still stands while that membership is not known to be committed: without its log
    /// nobody else might win (thesis 4.2.2).
    /// </summary>
    public static bool MayStand(RaftState s) => s.Membership.IsVoter(s.Id)
        || (s.Memberships.CurrentIndex > s.Log.Commit && s.Memberships.Previous?.IsVoter(s.Id) == true);

    /// <summary>Time is up.</summary>
    public static void TimedOut(RaftState s)
    {
        if (MayStand(s))
            Stand(s, force: false);
        else
            s.ResetElectionTimer();
    }

    public static void Stand(RaftState s, bool force)
    {
        if (s.Options.PreVote && !force)
            AskAround(s);
        else
            BecomeCandidate(s, force);
    }

    public static void BecomeFollower(RaftState s, long term, long leader)
    {
        Leadership.End(s);
        Reads.DropForwarded(s);
        if (term > s.Term)
            s.Term = term;
        s.Role = RaftRole.Follower;
        s.Ballot = null;
        s.Leader = leader;
        s.ResetElectionTimer();
    }

    private static void AskAround(RaftState s)
    {
        BecomeFollower(s, s.Term, 0);
        s.Role = RaftRole.PreCandidate;
        s.Ballot = [];
        Ask(s, MessageKind.PreVote, s.Term + 1, force: false);
        Count(s, s.Id, granted: true);
    }

    private static void BecomeCandidate(RaftState s, bool force)
    {
        BecomeFollower(s, s.Term + 1, 0);
        s.Role = RaftRole.Candidate;
        s.Ballot = [];
        s.Vote = s.Id;
        s.Out.SendWhenDurable(s.Message(MessageKind.VoteResponse, s.Id));
        Ask(s, MessageKind.Vote, s.Term, force);
    }

    private static void Ask(RaftState s, MessageKind kind, long term, bool force)
    {
        foreach (var id in s.Membership.Members)
        {
            if (id == s.Id || !s.Membership.IsVoter(id))
                continue;
            var message = s.Message(kind, id) with { Term = term, Index = s.Log.LastIndex, LogTerm = s.Log.LastTerm, IsForced = force };
            // A vote is asked for once the term is on the disk: else answers to it could meet a member that has forgotten why it asked.
            if (kind == MessageKind.Vote)
                s.Out.SendWhenDurable(message);
            else
                s.Out.Send(message);
        }
    }

    /// <summary>Somebody asks for a vote of this term, or for a pre-vote.</summary>
    public static void Asked(RaftState s, RaftMessage m)
    {
        var isPre = m.Kind == MessageKind.PreVote;
        var isFree = s.Vote == m.From || (s.Vote == 0 && s.Leader == 0) || (isPre && m.Term > s.Term);
        var isUpToDate = m.LogTerm > s.Log.LastTerm || (m.LogTerm == s.Log.LastTerm && m.Index >= s.Log.LastIndex);
        var grants = isFree && (isUpToDate || Bug.IsPlanted("raft/votes-for-a-shorter-log"));
        var kind = isPre ? MessageKind.PreVoteResponse : MessageKind.VoteResponse;
        if (isPre)
        {
            s.Out.Send(s.Message(kind, m.From) with { Term = grants ? m.Term : s.Term, IsReject = !grants });
            return;
        }
        if (grants)
        {
            s.Vote = m.From;
            s.ResetElectionTimer();
        }
        s.Out.SendWhenDurable(s.Message(kind, m.From) with { IsReject = !grants });
    }

    /// <summary>Somebody answered.</summary>
    public static void Answered(RaftState s, RaftMessage m)
    {
        var expected = m.Kind == MessageKind.PreVoteResponse ? RaftRole.PreCandidate : RaftRole.Candidate;
        var ofTerm = s.Role == RaftRole.PreCandidate && !m.IsReject ? s.Term + 1 : s.Term;
        if (s.Role == expected && m.Term == ofTerm)
            Count(s, m.From, !m.IsReject);
    }

    private static void Count(RaftState s, long from, bool granted)
    {
        var ballot = s.Ballot!;
        ballot.TryAdd(from, granted);
        var outcome = Quorum.Outcome(s.Membership, id => ballot.TryGetValue(id, out var vote) ? vote : null);
        if (outcome == false)
            BecomeFollower(s, s.Term, 0);
        else if (outcome == true && s.Role == RaftRole.PreCandidate)
            BecomeCandidate(s, force: false);
        else if (outcome == true)
            Leadership.Begin(s);
    }
}
