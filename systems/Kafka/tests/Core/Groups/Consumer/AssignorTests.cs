using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests;

/// <summary>The uniform and the range assignor.</summary>
public sealed class AssignorTests
{
    private static readonly Guid T = new(1, 0, 0, new byte[8]);
    private static readonly Guid U = new(2, 0, 0, new byte[8]);

    [Fact]
    public void Range_cuts_each_topic_alike_and_static_members_come_first()
    {
        var assigned = new RangeAssignor().Assign(
            [Member("a", [T, U]), Member("b", [T, U]), Member("z", [T, U], instance: "i")], Partitions((T, 4), (U, 4)));
        Assert.Equal("T0 T1 U0 U1", Text(assigned["z"]));
        Assert.Equal("T2 U2", Text(assigned["a"]));
        Assert.Equal("T3 U3", Text(assigned["b"]));
    }

    [Fact]
    public void Range_gives_a_topic_only_to_its_readers()
    {
        var assigned = new RangeAssignor().Assign([Member("a", [T]), Member("b", [T, U]), Member("c", [])], Partitions((T, 2), (U, 2)));
        Assert.Equal(("T0", "T1 U0 U1", ""), (Text(assigned["a"]), Text(assigned["b"]), Text(assigned["c"])));
    }

    [Fact]
    public void Uniform_moves_no_more_than_evening_out_takes()
    {
        var before = new UniformAssignor().Assign([Member("a", [T]), Member("b", [T])], Partitions((T, 7)));
        Assert.Equal((4, 3), (before["a"].Count, before["b"].Count));
        var after = new UniformAssignor().Assign(
            [Member("a", [T], before["a"]), Member("b", [T], before["b"]), Member("c", [T])], Partitions((T, 7)));
        Assert.Equal(2, after["c"].Count);
        Assert.Empty(after["a"].Without(before["a"]));
        Assert.Empty(after["b"].Without(before["b"]));
    }

    [Fact]
    public void Uniform_evens_out_across_topics_with_different_readers()
    {
        // Only a reads U, so b takes most of T.
        var assigned = new UniformAssignor().Assign(
            [Member("a", [T, U], new PartitionSet([new(T, 0), new(T, 1), new(T, 2), new(T, 3)])), Member("b", [T])],
            Partitions((T, 4), (U, 3)));
        Assert.Equal((4, 3), (assigned["a"].Count, assigned["b"].Count));
        Assert.Equal(3, assigned["a"].Count(one => one.TopicId == U));
    }

    [Fact]
    public void Both_give_each_partition_once_to_a_reader_and_uniform_ends_balanced()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            var random = new RandomStream(seed);
            var topics = Enumerable.Range(1, 4).Select(i => (Id: new Guid(i, 0, 0, new byte[8]), Count: (int)random.Next(9))).ToArray();
            var members = Enumerable.Range(0, 1 + (int)random.Next(6)).Select(i => Member(
                $"m{i}", [.. topics.Where(_ => random.Next(3) > 0).Select(topic => topic.Id)],
                new PartitionSet(topics.SelectMany(topic => Enumerable.Range(0, 10)
                    .Where(_ => random.Next(6) == 0).Select(number => new TopicIdPartition(topic.Id, number)))))).ToArray();
            var partitions = Partitions([.. topics.Where(topic => members.Any(member => member.Topics.Contains(topic.Id)))]);
            CheckComplete(members, partitions, new RangeAssignor().Assign(members, partitions));
            var uniform = new UniformAssignor().Assign(members, partitions);
            CheckComplete(members, partitions, uniform);
            CheckBalanced(members, uniform);
        }
    }

    private static void CheckComplete(
        AssignorMember[] members, Dictionary<Guid, int> partitions, IReadOnlyDictionary<string, PartitionSet> assigned)
    {
        Assert.Equal(partitions.Values.Sum(), assigned.Values.Sum(set => set.Count));
        Assert.Equal(partitions.Values.Sum(), assigned.Values.SelectMany(set => set).Distinct().Count());
        foreach (var member in members)
            Assert.All(assigned[member.MemberId], one => Assert.True(
                member.Topics.Contains(one.TopicId) && one.Partition < partitions[one.TopicId]));
    }

    /// <summary>No partition's owner has two more than another of its readers.</summary>
    private static void CheckBalanced(AssignorMember[] members, IReadOnlyDictionary<string, PartitionSet> assigned)
    {
        foreach (var owner in members)
        {
            foreach (var topic in assigned[owner.MemberId].Select(one => one.TopicId).Distinct())
                Assert.All(members.Where(member => member.Topics.Contains(topic)), reader => Assert.True(
                    assigned[owner.MemberId].Count - assigned[reader.MemberId].Count <= 1));
        }
    }

    private static AssignorMember Member(string id, Guid[] topics, PartitionSet? target = null, string? instance = null) =>
        new(id, instance, topics, target ?? PartitionSet.Empty);

    private static Dictionary<Guid, int> Partitions(params (Guid Id, int Count)[] topics) =>
        topics.ToDictionary(topic => topic.Id, topic => topic.Count);

    private static string Text(PartitionSet set) => string.Join(' ', set.Select(one => $"{(one.TopicId == T ? "T" : "U")}{one.Partition}"));
}
