namespace Microcosm.Consensus;

/// <summary>Makes a status of what member, core and storage know.</summary>
internal static class MemberStatus
{
    public static RaftStatus Of(RaftMember member, IRaftView storage, RaftHost host)
    {
        var core = member.Core;
        return new RaftStatus
        {
            Group = member.Group,
            Id = core.Id,
            Role = core.Role,
            Term = core.Term,
            Leader = core.Leader,
            Vote = core.Vote,
            Membership = core.Membership,
            HasQuorum = member.HasQuorum,
            HoldsLease = core.HoldsLease,
            FirstIndex = core.BaseIndex + 1,
            LastIndex = core.LastIndex,
            CommitIndex = core.CommitIndex,
            AppliedIndex = core.AppliedIndex,
            SnapshotIndex = storage.Snapshot.Index,
            SnapshotBytes = storage.SnapshotBytes,
            Followers = [.. core.Followers.Select(f => Of(f, core, host))],
        };
    }

    private static RaftFollowerStatus Of(Progress follower, RaftCore core, RaftHost host) => new(
        follower.Id, host.PeerOf(follower.Id)?.Address.Node ?? "?", core.Membership.IsVoter(follower.Id),
        follower.State.ToString(), follower.Match, follower.Next, Math.Max(0, (host.NowUs - follower.HeardAtUs) / 1_000));
}
