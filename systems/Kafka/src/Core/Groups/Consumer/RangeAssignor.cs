namespace Microcosm.Kafka;

/// <summary>
/// Each topic is cut into ranges, one for each of its readers. Readers stand in the same order for each topic, so topics with as many
/// partitions go to the same members. Static members come first: their instances keep their place when their ids change.
/// </summary>
internal sealed class RangeAssignor : IConsumerAssignor
{
    public string Name => "range";

    public IReadOnlyDictionary<string, PartitionSet> Assign(
        IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions)
    {
        var ordered = members.OrderBy(member => member.InstanceId is null)
            .ThenBy(member => member.InstanceId ?? member.MemberId, StringComparer.Ordinal).ToArray();
        var readers = partitions.Keys.ToDictionary(topic => topic, _ => new List<string>());
        foreach (var member in ordered)
        {
            foreach (var topic in member.Topics)
                readers[topic].Add(member.MemberId);
        }

        var assigned = members.ToDictionary(member => member.MemberId, _ => new List<TopicIdPartition>());
        foreach (var (topic, ids) in readers)
        {
            var next = 0;
            for (var i = 0; i < ids.Count; i++)
            {
                var end = next + (partitions[topic] / ids.Count) + (i < partitions[topic] % ids.Count ? 1 : 0);
                for (; next < end; next++)
                    assigned[ids[i]].Add(new TopicIdPartition(topic, next));
            }
        }

        return assigned.ToDictionary(one => one.Key, one => new PartitionSet(one.Value));
    }
}
