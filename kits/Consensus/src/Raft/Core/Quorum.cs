namespace Microcosm.Consensus;

/// <summary>
/// What majorities agree on. In joint consensus every decision needs both majorities (paper 6), so the answer is the lower of the two.
/// Invariant: any two quorums of one membership have a voter in common, and so have quorums of a joint membership and of either half.
/// </summary>
internal static class Quorum
{
    /// <summary>The largest value that a quorum has reached: of matched indexes what is committed, of rounds what is confirmed.</summary>
    public static long Reached(Membership membership, Func<long, long> valueOf)
    {
        var reached = Reached(membership.Voters, valueOf);
        return membership.IsJoint ? Math.Min(reached, Reached(membership.Outgoing, valueOf)) : reached;
    }

    /// <summary>True when a quorum said yes; false when none can any more; null while it is open.</summary>
    public static bool? Outcome(Membership membership, Func<long, bool?> voteOf)
    {
        var first = Outcome(membership.Voters, voteOf);
        if (!membership.IsJoint)
            return first;
        var second = Outcome(membership.Outgoing, voteOf);
        if (first == false || second == false)
            return false;
        return first == true && second == true ? true : null;
    }

    private static long Reached(long[] voters, Func<long, long> valueOf)
    {
        Span<long> values = voters.Length <= 16 ? stackalloc long[voters.Length] : new long[voters.Length];
        for (var i = 0; i < voters.Length; i++)
            values[i] = valueOf(voters[i]);
        values.Sort();
        // In ascending order, the one that a majority has at least: of three the middle one, of four the second.
        return values[(voters.Length - 1) / 2];
    }

    private static bool? Outcome(long[] voters, Func<long, bool?> voteOf)
    {
        var needed = voters.Length / 2 + 1;
        var (yes, no) = (0, 0);
        foreach (var id in voters)
        {
            var vote = voteOf(id);
            yes += vote == true ? 1 : 0;
            no += vote == false ? 1 : 0;
        }
        if (yes >= needed)
            return true;
        return voters.Length - no < needed ? false : null;
    }
}
