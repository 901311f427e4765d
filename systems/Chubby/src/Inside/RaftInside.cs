using Microcosm.Consensus;

namespace Microcosm.Chubby;

/// <summary>A member's part in its group: role, term, log, and what a leader knows of the others.</summary>
/// <param name="Leader">The member that leads, 0 for none known.</param>
/// <param name="Vote">Whom it voted for in this term, 0 for nobody.</param>
/// <param name="FirstIndex">Of the first entry that its log keeps.</param>
/// <param name="SnapshotIndex">Of the latest snapshot, 0 for none.</param>
internal sealed record RaftInside(
    RaftRole Role, long Term, long Leader, long Vote, bool HasQuorum, IReadOnlyList<long> Voters, IReadOnlyList<long> Learners,
    long FirstIndex, long LastIndex, long CommitIndex, long AppliedIndex, long SnapshotIndex, long SnapshotBytes,
    IReadOnlyList<RaftFollowerStatus> Followers)
{
    public static RaftInside Read(RaftMember member)
    {
        var s = member.Status();
        return new(s.Role, s.Term, s.Leader, s.Vote, s.HasQuorum, s.Membership.Voters, s.Membership.Learners, s.FirstIndex, s.LastIndex,
            s.CommitIndex, s.AppliedIndex, s.SnapshotIndex, s.SnapshotBytes, s.Followers);
    }
}
