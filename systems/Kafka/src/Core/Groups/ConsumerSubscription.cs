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
