using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>
/// A member's part in who the members are. What the cell has agreed on is what raft is brought to: by the leader, voters at once
/// and by joint consensus; one that leaves is a learner until it has seen that it left. Invariant: a change is answered only behind the
/// raft entries that carry it out.
/// </summary>
internal sealed class Ensemble(CellMember member)
{
    // A joiner that is needed for a majority has so many ticks to catch up, as syncLimit gives it.
    private const int SyncTicks = 5;

    // A leader that does not hear of a follower for so long counts it as gone: raft's own time.
    private const int HeardWithinMs = 1_000;

    private long _waitsSinceMs = -1;
    private bool _isAnnouncing;
    private bool _isEnding;

    /// <summary>The configuration, as far as this member knows.</summary>
    public CellConfig Config => member.State.Config;

    /// <summary>This one is, or may be, a member. One that left serves nobody.</summary>
    public bool IsMember => Config.IsStandalone || Config.Find(member.Id) is not null;

    /// <summary>It has no vote.</summary>
    public bool IsObserver => Config.Find(member.Id) is { IsObserver: true };

    /// <summary>Where this member's clients come; null until it listens.</summary>
    public string? ClientAddress { get; set; }

    private RaftMember Replica => member.Replica;

    /// <summary>The members that a cell of these options begins with, as a text.</summary>
    public static string Founders(ChubbyOptions options)
    {
        if (options.IsStandalone)
            return "";
        var servers = Enumerable.Range(1, options.Replicas + options.Observers).Select(id => new CellServer(
            id, ChubbyNode.NameOf(id), 2888, 3888, id > options.Replicas, $"{ChubbyNode.NameOf(id)}:{ChubbyNode.PortOf(id)}"));
        return string.Join('\n', servers);
    }

    /// <summary>Does what is to be done next; called on every tick and when something has changed.</summary>
    public void Step()
    {
        if (Replica is null)
            return;
        Announce();
        if (!Replica.IsLeader || Config.IsStandalone)
        {
            _waitsSinceMs = -1;
            return;
        }
        var status = Replica.Status();
        if (member.State.Reconfig is { } pending)
            Advance(status, pending);
        else if (!status.Membership.IsJoint)
            Settle(status);
    }

    private async void Announce()
    {
        if (_isAnnouncing || ClientAddress is null || !member.IsServing || Config.Find(member.Id) is not { } own
            || own.Client == ClientAddress)
            return;
        _isAnnouncing = true;
        await member.ProposeOwnAsync(new AnnounceServer(member.Id, ClientAddress));
        _isAnnouncing = false;
    }

    private void Advance(RaftStatus status, PendingReconfig pending)
    {
        var target = pending.Target;
        var leaving = status.Membership.Members.Except(target.Voters).Except(target.Observers);
        var changes = Changes(status, target.Voters, [.. target.Observers, .. leaving]);
        if (changes.Length == 0)
        {
            End(pending, ZooError.Ok);
            return;
        }
        if (HasQuorum(status, target))
        {
            // What is proposed behind it is agreed on by the new members too.
            if (Replica.ChangeMembership(changes) == RaftRefusal.None)
                End(pending, ZooError.Ok);
            return;
        }
        var joiners = target.Voters.Where(v => v <= member.Options.Nodes).Except(status.Membership.Members).ToArray();
        if (_waitsSinceMs < 0 && joiners.Length > 0)
        {
            if (Replica.ChangeMembership([.. joiners.Select(j => new MembershipChange(MembershipChangeKind.AddLearner, j))])
                == RaftRefusal.None)
                _waitsSinceMs = member.LeaseClockMs;
        }
        else if (_waitsSinceMs < 0 || member.LeaseClockMs - _waitsSinceMs > SyncTicks * member.Options.TickTime)
        {
            member.Log.Write(LogSeverity.Warning, "Reconfig failed - there must be a connected and synced quorum in new configuration");
            End(pending, ZooError.NewConfigNoQuorum);
        }
    }

    // Whoever is left over has seen by now that it left, or is not there to see it.
    private void Settle(RaftStatus status)
    {
        var gone = status.Membership.Members.Except(Config.Voters).Except(Config.Observers).ToArray();
        var isSeen = gone.All(id => status.Followers.FirstOrDefault(f => f.Id == id) is not { } follower
            || follower.Match >= status.CommitIndex || follower.State != "Replicate");
        if (gone.Length > 0 && isSeen)
            Replica.ChangeMembership([.. gone.Select(id => new MembershipChange(MembershipChangeKind.Remove, id))]);
    }

    private async void End(PendingReconfig pending, ZooError error)
    {
        _waitsSinceMs = -1;
        if (_isEnding)
            return;
        _isEnding = true;
        await member.ProposeOwnAsync(new EndReconfig(pending.Asker.Origin, pending.Asker.Request, error));
        _isEnding = false;
    }

    private bool HasQuorum(RaftStatus status, CellConfig target)
    {
        var synced = status.Followers.Where(f => f.State == "Replicate" && f.HeardMsAgo < HeardWithinMs)
            .Select(f => f.Id).Append(member.Id);
        return target.Voters.Intersect(synced).Count() > target.Voters.Count() / 2;
    }

    private static MembershipChange[] Changes(RaftStatus status, IEnumerable<long> voters, IReadOnlyList<long> learners) =>
        [.. voters.Except(status.Membership.Voters).Select(id => new MembershipChange(MembershipChangeKind.AddVoter, id)),
            .. learners.Except(status.Membership.Learners).Select(id => new MembershipChange(MembershipChangeKind.AddLearner, id))];
}
