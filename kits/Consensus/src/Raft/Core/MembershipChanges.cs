using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// Changes of the membership, as entries of the log (paper 6; thesis 4). Invariants: one change at a time, the one before committed; a
/// leader begins one only after it committed an entry of its own term (the correction to thesis 4.1); majorities before and after a step
/// always have a voter in common: one voter comes or goes, or the step is joint.
/// </summary>
internal static class MembershipChanges
{
    public static RaftRefusal Propose(RaftState s, IReadOnlyList<MembershipChange> changes)
    {
        if (s.Lead is not { } lead)
            return RaftRefusal.NotLeader;
        if (lead.TransferTo != 0)
            return RaftRefusal.TransferInProgress;
        if (s.Membership.IsJoint || s.Memberships.CurrentIndex > s.Log.Commit)
            return RaftRefusal.ChangeInProgress;
        if (s.Log.Commit < lead.FirstIndex)
            return RaftRefusal.TermNotCommitted;
        var next = MembershipChange.Apply(s.Membership, changes);
        if (next is null || next.Equals(s.Membership))
            return RaftRefusal.InvalidChange;
        Append(s, IsSimple(s.Membership, next) ? next : new Membership(next.Voters, s.Membership.Voters, next.Learners));
        return RaftRefusal.None;
    }

    /// <summary>More is committed. A leader of a joint membership that is committed completes the change; one that is left out
    /// goes.</summary>
    public static void Committed(RaftState s)
    {
        if (s.Memberships.CurrentIndex > s.Log.Commit)
            return;
        if (s.Membership.IsJoint)
            Append(s, new Membership(s.Membership.Voters, learners: s.Membership.Learners));
        else if (!s.Membership.IsVoter(s.Id))
            StepAside(s);
    }

    private static bool IsSimple(Membership from, Membership to) =>
        from.Voters.Except(to.Voters).Count() + to.Voters.Except(from.Voters).Count() <= 1
            || Bug.IsPlanted("raft/several-voters-in-one-step");

    private static void Append(RaftState s, Membership membership) => Replication.Append(s, EntryKind.Membership, membership.Encode());

    // The others learn that the change is committed, as far as limits allow; the next leader tells the rest (thesis 4.2.2).
    private static void StepAside(RaftState s)
    {
        Replication.SendAll(s);
        Election.BecomeFollower(s, s.Term, 0);
    }
}
