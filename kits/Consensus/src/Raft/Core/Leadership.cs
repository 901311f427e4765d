using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A leader's life: it begins with an entry of its own term, shows itself in rounds, makes sure that a quorum still answers,
/// hands over when
/// asked. Invariants: a leader that no quorum answered for an election time-out leads no more; after a successor was told to stand, no
/// lease holds in this term.
/// </summary>
internal static class Leadership
{
    public static void Begin(RaftState s)
    {
        Invariant.Check(s.Role == RaftRole.Candidate);
        s.Role = RaftRole.Leader;
        s.Leader = s.Id;
        s.Ballot = null;
        s.Incoming = null;
        s.Lead = new LeaderState { FirstIndex = s.Log.LastIndex + 1 };
        FollowMembership(s);
        s.Lead.Rounds.Begin(s.NowUs);
        s.Lead.HeartbeatAtUs = NextHeartbeatUs(s);
        Replication.Append(s, EntryKind.Empty, default);
        Reads.RoundAnswered(s);
    }

    public static void End(RaftState s)
    {
        if (s.Lead is null)
            return;
        Reads.DropAll(s);
        s.Lead = null;
    }

    /// <summary>The membership in use is another: followers come and go.</summary>
    public static void FollowMembership(RaftState s)
    {
        var followers = s.Lead!.Followers;
        foreach (var id in s.Membership.Members)
        {
            if (id != s.Id && !followers.ContainsKey(id))
                followers.Add(id, new Progress(id, s.Options, s.Log.LastIndex + 1, s.NowUs));
        }
        for (var i = followers.Count - 1; i >= 0; i--)
        {
            if (Array.IndexOf(s.Membership.Members, followers.Keys[i]) < 0)
                followers.RemoveAt(i);
        }
    }

    public static void Tick(RaftState s)
    {
        var lead = s.Lead!;
        if (s.Options.CheckQuorum && s.NowUs - QuorumHeardAtUs(s, s.NowUs) > s.Options.ElectionTimeoutUs)
        {
            Election.BecomeFollower(s, s.Term, 0);
            return;
        }
        if (lead.TransferTo != 0 && s.NowUs >= lead.TransferEndsAtUs)
            lead.TransferTo = 0;
        if (s.NowUs >= lead.HeartbeatAtUs)
            Heartbeat(s);
    }

    /// <summary>Begins a round: everyone is asked whether it still follows.</summary>
    public static void Heartbeat(RaftState s)
    {
        var lead = s.Lead!;
        lead.HeartbeatAtUs = NextHeartbeatUs(s);
        lead.Rounds.Begin(s.NowUs);
        foreach (var follower in lead.Followers.Values)
        {
            // What it has is what it may take for committed: its log may differ beyond.
            s.Out.Send(s.Message(MessageKind.Heartbeat, follower.Id) with
            {
                Commit = Math.Min(s.Log.Commit, follower.Match), Round = lead.Rounds.Current,
            });
            SnapshotSending.Retry(s, follower);
        }
        Reads.RoundAnswered(s);
    }

    /// <summary>Any answer of this term proves that the follower lives and follows.</summary>
    public static void Heard(RaftState s, RaftMessage m)
    {
        if (!s.Lead!.Followers.TryGetValue(m.From, out var follower))
            return;
        follower.HeardAtUs = s.NowUs;
        follower.Answered(m.Round);
        Reads.RoundAnswered(s);
    }

    public static void HeartbeatAnswered(RaftState s, RaftMessage m)
    {
        if (!s.Lead!.Followers.TryGetValue(m.From, out var follower))
            return;
        follower.IsProbed = false;
        if (follower.State == ProgressState.Replicate && follower.Inflights.IsFull)
            follower.Inflights.FreeFirst();
        // Something sent may be lost, and then nothing else would tell of it: an append at the end, however empty, does.
        if (follower.Match < s.Log.LastIndex)
            Replication.SendTo(s, follower, evenIfEmpty: true);
    }

    /// <summary>Hands over to <paramref name="to"/>, once it has the whole log (thesis 3.10).</summary>
    public static RaftRefusal Transfer(RaftState s, long to)
    {
        if (s.Lead is not { } lead)
            return RaftRefusal.NotLeader;
        if (Array.IndexOf(s.Membership.Voters, to) < 0 || to == s.Id)
            return RaftRefusal.NotVoter;
        if (lead.TransferTo != 0)
            return lead.TransferTo == to ? RaftRefusal.None : RaftRefusal.TransferInProgress;
        lead.TransferTo = to;
        lead.TransferEndsAtUs = s.NowUs + s.Options.ElectionTimeoutUs;
        TellSuccessor(s, lead.Followers[to]);
        return RaftRefusal.None;
    }

    public static void TellSuccessor(RaftState s, Progress follower)
    {
        if (s.Lead!.TransferTo != follower.Id || follower.Match != s.Log.LastIndex)
            return;
        s.Lead.IsLeaseWaived = !Bug.IsPlanted("raft/lease-kept-in-transfer");
        s.Out.Send(s.Message(MessageKind.TimeoutNow, follower.Id));
    }

    private static long NextHeartbeatUs(RaftState s)
    {
        var atUs = s.NowUs + s.Options.HeartbeatUs;
        return s.Options.AlignsHeartbeats ? atUs - atUs % s.Options.HeartbeatUs : atUs;
    }

    /// <summary>A quorum, this leader in it, was heard since then.</summary>
    public static long QuorumHeardAtUs(RaftState s, long nowUs) => Quorum.Reached(s.Membership,
        id => id == s.Id ? nowUs : s.Lead!.Followers.TryGetValue(id, out var follower) ? follower.HeardAtUs : long.MinValue / 2);
}
