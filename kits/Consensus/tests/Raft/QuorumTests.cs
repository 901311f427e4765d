using Microcosm.Runtime;

namespace Microcosm.Consensus.Tests.Raft;

/// <summary>Quorums against their definition, by trying every set of voters.</summary>
public class QuorumTests
{
    private static readonly Membership[] Memberships =
    [
        new([1]), new([1, 2]), new([1, 2, 3]), new([1, 2, 3, 4]), new([1, 2, 3, 4, 5], learners: [6]),
        new([1, 2, 3], [3, 4, 5]), new([4, 5, 6], [1, 2, 3]), new([1, 2], [1, 2, 3, 4]), new([5], [1, 2, 3]),
    ];

    [Fact]
    public void A_set_of_yes_votes_wins_exactly_if_it_has_a_majority_of_each_half()
    {
        foreach (var membership in Memberships)
        {
            foreach (var set in Sets())
            {
                bool? Vote(long id) => set.Contains(id);
                Assert.Equal(IsQuorum(membership, set), Quorum.Outcome(membership, Vote));
                Assert.Equal(IsQuorum(membership, set) ? 9 : 4, Quorum.Reached(membership, id => set.Contains(id) ? 9 : 4));
            }
        }
    }

    [Fact]
    public void Any_two_quorums_meet_and_those_of_a_joint_membership_meet_both_halves()
    {
        foreach (var membership in Memberships)
        {
            var before = new Membership(membership.IsJoint ? membership.Outgoing : membership.Voters);
            var after = new Membership(membership.Voters);
            foreach (var a in Sets().Where(s => IsQuorum(membership, s)))
            {
                foreach (var b in Sets())
                {
                    if (IsQuorum(membership, b) || IsQuorum(before, b) || IsQuorum(after, b))
                        Assert.Contains(a.Intersect(b), membership.IsVoter);
                }
            }
        }
    }

    [Fact]
    public void An_election_is_open_while_votes_are_missing_that_could_decide_it()
    {
        var membership = new Membership([1, 2, 3]);
        Assert.Null(Quorum.Outcome(membership, id => id == 1 ? true : null));
        Assert.Null(Quorum.Outcome(membership, id => id == 3 ? null : id == 1));
        Assert.False(Quorum.Outcome(membership, id => id == 1 ? null : false));
    }

    [Fact]
    public void What_a_quorum_has_reached_agrees_with_counting()
    {
        var random = new RandomStream(5);
        for (var i = 0; i < 2_000; i++)
        {
            var membership = random.Pick(Memberships);
            var values = membership.Members.ToDictionary(id => id, _ => (long)random.Next(6));
            var reached = Enumerable.Range(0, 6).Last(v => IsQuorum(membership, [.. values.Where(p => p.Value >= v).Select(p => p.Key)]));
            Assert.Equal(reached, Quorum.Reached(membership, id => values[id]));
        }
    }

    private static bool IsQuorum(Membership membership, HashSet<long> set) => HasMajority(membership.Voters, set)
        && (!membership.IsJoint || HasMajority(membership.Outgoing, set));

    private static bool HasMajority(long[] voters, HashSet<long> set) => voters.Count(set.Contains) * 2 > voters.Length;

    private static IEnumerable<HashSet<long>> Sets() =>
        Enumerable.Range(0, 64).Select(bits => Enumerable.Range(1, 6).Where(i => (bits >> (i - 1) & 1) == 1).Select(i =>
            (long)i).ToHashSet());
}
