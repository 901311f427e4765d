using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A message comes in: first its term is weighed (paper 5.1), then it goes to those it concerns. Invariants: what a past
/// leader or candidate
/// says changes nothing; a higher term ends every role, but neither pre-votes nor a candidate that disturbs a working group may bring it in
/// (thesis 4.2.3, 9.6).
/// </summary>
internal static class Steps
{
    public static void Take(RaftState s, RaftMessage m)
    {
        if (m.Term > s.Term && !TakeHigherTerm(s, m))
            return;
        if (m.Term < s.Term)
        {
            TakeLowerTerm(s, m);
            return;
        }
        switch (m.Kind)
        {
            case MessageKind.PreVote or MessageKind.Vote:
                Election.Asked(s, m);
                break;
            case MessageKind.PreVoteResponse or MessageKind.VoteResponse:
                Election.Answered(s, m);
                break;
            case MessageKind.Append or MessageKind.Heartbeat or MessageKind.Snapshot:
                TakeFromLeader(s, m);
                break;
            case MessageKind.TimeoutNow:
                if (s.Role == RaftRole.Follower && Election.MayStand(s))
                    Election.Stand(s, force: true);
                break;
            case MessageKind.ReadIndexResponse:
                Reads.Told(s, m);
                break;
            default:
                if (s.Lead is not null)
                    TakeFromFollower(s, m);
                break;
        }
    }

    private static void TakeFromLeader(RaftState s, RaftMessage m)
    {
        Following.Heard(s, m.From);
        if (m.Kind == MessageKind.Append)
            Following.Append(s, m);
        else if (m.Kind == MessageKind.Heartbeat)
            Following.Heartbeat(s, m);
        else
            SnapshotReceiving.Take(s, m);
    }

    private static void TakeFromFollower(RaftState s, RaftMessage m)
    {
        Leadership.Heard(s, m);
        if (m.Kind == MessageKind.AppendResponse)
            Replication.Answered(s, m);
        else if (m.Kind == MessageKind.HeartbeatResponse)
            Leadership.HeartbeatAnswered(s, m);
        else if (m.Kind == MessageKind.SnapshotResponse)
            SnapshotSending.Answered(s, m);
        else if (m.Kind == MessageKind.ReadIndex)
            Reads.Read(s, m.Context, m.From);
    }

    /// <summary>True if the message is to be looked at further.</summary>
    private static bool TakeHigherTerm(RaftState s, RaftMessage m)
    {
        var isRequest = m.Kind is MessageKind.PreVote or MessageKind.Vote;
        if (isRequest && s.IsLoyal && !m.IsForced)
            return false;
        // The term of a pre-vote, and of its grant, does not exist yet.
        if (m.Kind == MessageKind.PreVoteResponse && !m.IsReject)
        {
            Election.Answered(s, m);
            return false;
        }
        if (m.Kind == MessageKind.PreVote && !Bug.IsPlanted("raft/pre-vote-brings-a-term"))
        {
            Election.Asked(s, m);
            return false;
        }
        var isLeader = m.Kind is MessageKind.Append or MessageKind.Heartbeat or MessageKind.Snapshot;
        Election.BecomeFollower(s, m.Term, isLeader ? m.From : 0);
        return true;
    }

    private static void TakeLowerTerm(RaftState s, RaftMessage m)
    {
        if (m.Kind is MessageKind.Append or MessageKind.Heartbeat or MessageKind.Snapshot)
        {
            // So that it learns of the term, and a member that came back with a higher one does not stay outside for good.
            s.Out.Send(s.Message(MessageKind.AppendResponse, m.From) with { IsReject = true, Index = m.Index });
            if (Bug.IsPlanted("raft/past-leader-obeyed") && m.Kind == MessageKind.Append && s.Role == RaftRole.Follower)
                Following.Append(s, m);
        }
        else if (m.Kind == MessageKind.PreVote)
        {
            s.Out.Send(s.Message(MessageKind.PreVoteResponse, m.From) with { IsReject = true });
        }
    }
}
