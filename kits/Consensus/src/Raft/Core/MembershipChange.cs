namespace Microcosm.Consensus;

/// <summary>One step of a change of the membership. Several make one change, carried out together or not at all.</summary>
public readonly record struct MembershipChange(MembershipChangeKind Kind, long Node)
{
    /// <summary>The membership after <paramref name="changes"/>, without its joint stage; null where it would have no voter.</summary>
    public static Membership? Apply(Membership from, IEnumerable<MembershipChange> changes)
    {
        var voters = new SortedSet<long>(from.Voters);
        var learners = new SortedSet<long>(from.Learners);
        foreach (var (kind, node) in changes)
        {
            if (node <= 0)
                return null;
            voters.Remove(node);
            learners.Remove(node);
            if (kind == MembershipChangeKind.AddVoter)
                voters.Add(node);
            if (kind == MembershipChangeKind.AddLearner)
                learners.Add(node);
        }
        return voters.Count == 0 ? null : new Membership(voters, learners: learners);
    }
}
