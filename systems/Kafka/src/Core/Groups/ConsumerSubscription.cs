namespace Microcosm.Kafka;

/// <summary>The topics that consumers say they read, in their join metadata (ConsumerProtocolSubscription).</summary>
internal static class ConsumerSubscription
{
    public const string ProtocolType = "consumer";

    /// <summary>The topics of all members; null if their metadata is no subscription, so nobody can tell what they read.</summary>
    public static HashSet<string>? TopicsOf(ClassicGroup group)
    {
        var topics = new HashSet<string>();
        if (group.Members.Count == 0)
            return topics;
        var metadata = group.Members.Values.SelectMany(member => member.Protocols).Select(protocol => protocol.Metadata);
        return group.ProtocolType == ProtocolType && metadata.All(one => TryAddTopics(one, topics)) ? topics : null;
    }

    /// <summary>What a member's join metadata says; null if it is no subscription.</summary>
    public static ConsumerProtocolSubscription? TryRead(byte[] metadata) => TryDecode<ConsumerProtocolSubscription>(metadata);

    /// <summary>What a leader assigned to a member: nothing by no bytes; null if it is no assignment.</summary>
    public static ConsumerProtocolAssignment? TryReadAssignment(byte[] assignment) =>
        assignment.Length == 0 ? new() : TryDecode<ConsumerProtocolAssignment>(assignment);

    /// <summary>What a member is to read, as it would have it from a leader, in the version of its own metadata.</summary>
    public static byte[] Assignment(PartitionSet partitions, IGroupTopics topics, byte[] metadata)
    {
        var assignment = new ConsumerProtocolAssignment();
        foreach (var (topicId, numbers) in partitions.ByTopic())
        {
            if (topics.Find(topicId) is { } topic)
                assignment.AssignedPartitions.Add(new() { Topic = topic.Name, Partitions = numbers });
        }

        return MessageCodec.EncodeRecord(assignment, VersionOf(metadata));
    }

    private static T? TryDecode<T>(byte[] bytes)
        where T : class, IMessage<T>
    {
        try
        {
            var version = VersionOf(bytes);
            return MessageCodec.DecodeRequest<T>(bytes.AsMemory(sizeof(short)), version);
        }
        catch (KafkaFormatException)
        {
            return null;
        }
    }

    // A later version is read as the last one that is known, as consumers do.
    private static short VersionOf(byte[] metadata) =>
        Math.Min(MessageCodec.RecordVersion(metadata), ConsumerProtocolSubscription.HighestVersion);

    // All versions begin alike; of later ones the rest is not known.
    private static bool TryAddTopics(byte[] metadata, HashSet<string> topics)
    {
        try
        {
            var reader = new MessageReader(metadata, sizeof(short), isFlexible: false);
            for (var left = reader.ReadCount(elementBytesMin: sizeof(short)); left > 0; left--)
                topics.Add(reader.ReadString());
            return true;
        }
        catch (KafkaFormatException)
        {
            // Members may send each other what they like.
            return false;
        }
    }
}
