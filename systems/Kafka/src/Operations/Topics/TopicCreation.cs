namespace Microcosm.Kafka;

/// <summary>Topics that nobody created by hand: those that clients name, and the brokers' own.</summary>
internal static class TopicCreation
{
    public static bool IsAllowed(KafkaCall call, string name) =>
        call.MayCluster(AclOperation.Create) || call.May(AclOperation.Create, AclResourceType.Topic, name);

    /// <summary>None where it exists now, whoever created it.</summary>
    public static async ValueTask<KafkaError> CreateAsync(KafkaBroker broker, string name)
    {
        var (partitions, replicas, configs) = InternalTopics.Contains(name) ? InternalTopics.Of(name, broker.Options) : (-1, -1, []);
        var topic = new NewTopic(name, broker.NewId(), partitions, replicas, [], configs);
        var result = await ProposeAsync(broker, [topic], isValidateOnly: false, TimeSpan.FromSeconds(10));
        var error = result is MetadataResults { Parts: [var part] } ? part.Error : result.Error;
        return error == KafkaError.TopicAlreadyExists ? KafkaError.None : error;
    }

    public static ValueTask<MetadataResult> ProposeAsync(
        KafkaBroker broker, IReadOnlyList<NewTopic> topics, bool isValidateOnly, TimeSpan patience) =>
        broker.ProposeAsync(new CreateTopics(topics, broker.Options.NumPartitions, broker.Options.DefaultReplicationFactor,
            broker.Random.Next(int.MaxValue), isValidateOnly), patience: patience);
}
