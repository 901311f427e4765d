using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Creates topics; each is created whole or refused.</summary>
/// <param name="DefaultPartitions"><c>num.partitions</c> of who proposes.</param>
/// <param name="DefaultReplicationFactor"><c>default.replication.factor</c> of who proposes.</param>
/// <param name="Start">Where the placing starts; the proposer draws it.</param>
internal sealed record CreateTopics(
    IReadOnlyList<NewTopic> Topics, int DefaultPartitions, int DefaultReplicationFactor, int Start, bool IsValidateOnly) : IMetadataCommand
{
    /// <summary>More partitions of a topic at once are refused: they would be one entry of the log.</summary>
    [Limit("PartitionsMax")]
    public const int PartitionsMax = 10_000;

    public void Write(MessageWriter writer)
    {
        writer.WriteList(Topics, (w, t) => t.Write(w));
        writer.WriteInt32(DefaultPartitions);
        writer.WriteInt32(DefaultReplicationFactor);
        writer.WriteInt32(Start);
        writer.WriteBool(IsValidateOnly);
    }

    public static CreateTopics Read(ref MessageReader reader) =>
        new(reader.ReadList(NewTopic.Read), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadBool());

    public MetadataResult Apply(ClusterState state, long index)
    {
        var results = new List<MetadataResult>();
        var start = Start;
        foreach (var topic in Topics)
        {
            results.Add(MetadataResult.Of(() => Create(state, topic, start)));
            start = unchecked(start + topic.Partitions);
        }
        return new MetadataResults(results);
    }

    private void Create(ClusterState state, NewTopic topic, int start)
    {
        CheckName(state, topic);
        foreach (var (name, value) in topic.Configs)
        {
            if (value is null)
                throw new MetadataRefusal(KafkaError.InvalidConfig, $"Null value not supported for topic configs: {name}");
            if (TopicConfigs.WhyInvalid(name, value) is { } why)
                throw new MetadataRefusal(KafkaError.InvalidConfig, why);
        }
        var partitions = topic.Assignments.Count > 0 ? ByHand(state, topic) : Placed(state, topic, start);
        if (IsValidateOnly)
            return;
        state.AddTopic(new TopicState(topic.Name, topic.Id, partitions));
        foreach (var (name, value) in topic.Configs)
            state.SetConfig(ConfigResource.Topic(topic.Name), name, value);
    }

    private static void CheckName(ClusterState state, NewTopic topic)
    {
        if (state.Topics.ContainsKey(topic.Name))
            throw new MetadataRefusal(KafkaError.TopicAlreadyExists, $"Topic '{topic.Name}' already exists.");
        if (TopicNames.WhyInvalid(topic.Name) is { } why)
            throw new MetadataRefusal(KafkaError.InvalidTopicException, why);
        if (TopicNames.Colliding(topic.Name, state.Topics.Keys) is { } other)
            throw new MetadataRefusal(KafkaError.InvalidTopicException, $"Topic '{topic.Name}' collides with existing topic: {other}");
        if (topic.Id == Guid.Empty || state.TopicsById.ContainsKey(topic.Id))
            throw new MetadataRefusal(KafkaError.InvalidRequest, "The topic's id is no new one.");
    }

    private static List<PartitionState> ByHand(ClusterState state, NewTopic topic)
    {
        if (topic.ReplicationFactor != -1)
            throw Invalid("A manual partition assignment was specified, but replication factor was not set to -1.");
        if (topic.Partitions != -1)
            throw Invalid("A manual partition assignment was specified, but numPartitions was not set to -1.");
        var assignments = new SortedDictionary<int, int[]>();
        foreach (var (partition, replicas) in topic.Assignments)
        {
            if (!assignments.TryAdd(partition, replicas))
                throw Bad($"Found multiple manual partition assignments for partition {partition}");
        }
        if (!assignments.Keys.SequenceEqual(Enumerable.Range(0, assignments.Count)))
            throw Bad("partitions should be a consecutive 0-based integer sequence");
        int? factor = null;
        var partitions = new List<PartitionState>();
        foreach (var (partition, replicas) in assignments)
        {
            partitions.Add(Assignment.ByHand(state, replicas, factor, partition));
            factor = replicas.Length;
        }
        return partitions;

        static MetadataRefusal Invalid(string why) => new(KafkaError.InvalidRequest, why);
        static MetadataRefusal Bad(string why) => new(KafkaError.InvalidReplicaAssignment, why);
    }

    private List<PartitionState> Placed(ClusterState state, NewTopic topic, int start)
    {
        if (topic.ReplicationFactor is < -1 or 0)
        {
            throw new MetadataRefusal(
                KafkaError.InvalidReplicationFactor, "Replication factor must be larger than 0, or -1 to use the default value.");
        }
        if (topic.Partitions is < -1 or 0)
            throw new MetadataRefusal(KafkaError.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
        var count = topic.Partitions == -1 ? DefaultPartitions : topic.Partitions;
        var factor = topic.ReplicationFactor == -1 ? DefaultReplicationFactor : topic.ReplicationFactor;
        return Assignment.Placed(state, count, factor, start);
    }
}
