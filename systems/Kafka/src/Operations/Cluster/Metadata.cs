namespace Microcosm.Kafka;

/// <summary>
/// Metadata: brokers as this client reaches them, topics and who leads their partitions. Creates topics that are asked for by name, where
/// the client and the broker allow it.
/// </summary>
internal static class Metadata
{
    [KafkaOperation("Metadata", 3, 0, 12, FlexibleFrom = 9)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<MetadataRequest>();
        var (broker, cluster) = (call.Broker, call.Broker.Cluster);
        var mayCreate = broker.Options.AutoCreateTopicsEnable && (call.Version < 4 || request.AllowAutoTopicCreation);
        // In version 0 none means all.
        var all = request.Topics is null || (call.Version == 0 && request.Topics.Count == 0);
        var topics = new List<MetadataResponse.MetadataResponseTopic>();
        if (all)
            topics.AddRange(cluster.Topics.Values.Where(t => call.May(AclOperation.Describe, AclResourceType.Topic, t.Name)).Select(t =>
                Describe(call, t)));
        foreach (var wanted in all ? [] : request.Topics!)
        {
            if (wanted.Name is null)
                topics.Add(cluster.TopicsById.TryGetValue(wanted.TopicId, out var byId)
                    ? call.May(AclOperation.Describe, AclResourceType.Topic, byId.Name) ? Describe(call, byId)
                        : Hidden(call, wanted.TopicId)
                    : new() { ErrorCode = (short)KafkaError.UnknownTopicId, TopicId = wanted.TopicId, Name = call.Version >= 12 ? null
                        : "" });
            else
                topics.Add(await ByNameAsync(call, wanted.Name, mayCreate));
        }
        if (request.IncludeTopicAuthorizedOperations)
        {
            foreach (var topic in topics.Where(t => t.ErrorCode == 0))
                topic.TopicAuthorizedOperations = call.AllowedOperations(AclResourceType.Topic, topic.Name!);
        }
        call.Reply(new MetadataResponse
        {
            ClusterAuthorizedOperations = DescribeCluster.AuthorizedOperations(call, request.IncludeClusterAuthorizedOperations),
            Brokers = [.. cluster.Brokers.Values.Where(b => !b.IsFenced).Select(b =>
                (Broker: b, At: ClientEndpoints.Of(b, call.Client.Listener)))
                .Where(b => b.At is not null).Select(b => new MetadataResponse.MetadataResponseBroker
                    { NodeId = b.Broker.Id, Host = b.At!.Host, Port = b.At.Port, Rack = b.Broker.Rack })],
            ClusterId = broker.ClusterId,
            ControllerId = broker.Controller.Id,
            Topics = topics,
        });
    }

    private static async ValueTask<MetadataResponse.MetadataResponseTopic> ByNameAsync(KafkaCall call, string name, bool mayCreate)
    {
        if (call.CheckTopic(AclOperation.Describe, name) is var refused && refused != KafkaError.None)
            return new() { ErrorCode = (short)refused, Name = name };
        var cluster = call.Broker.Cluster;
        if (cluster.Topics.TryGetValue(name, out var topic))
            return Describe(call, topic);
        var error = KafkaError.UnknownTopicOrPartition;
        if (TopicNames.WhyInvalid(name) is not null)
            error = KafkaError.InvalidTopicException;
        else if (mayCreate)
            error = !TopicCreation.IsAllowed(call, name) ? KafkaError.TopicAuthorizationFailed
                : await TopicCreation.CreateAsync(call.Broker, name);
        return cluster.Topics.TryGetValue(name, out topic) ? Describe(call, topic)
            : new() { ErrorCode = (short)error, Name = name, IsInternal = InternalTopics.Contains(name) };
    }

    // A topic's id is no secret, its name is.
    private static MetadataResponse.MetadataResponseTopic Hidden(KafkaCall call, Guid id) =>
        new() { ErrorCode = (short)KafkaError.TopicAuthorizationFailed, TopicId = id, Name = call.Version >= 12 ? null : "" };

    private static MetadataResponse.MetadataResponseTopic Describe(KafkaCall call, TopicState topic) => new()
    {
        Name = topic.Name,
        TopicId = topic.Id,
        IsInternal = InternalTopics.Contains(topic.Name),
        Partitions = [.. topic.Partitions.Select((p, i) => Describe(call, p, i))],
    };

    public static MetadataResponse.MetadataResponsePartition Describe(KafkaCall call, PartitionState partition, int index)
    {
        var brokers = call.Broker.Cluster.Brokers;
        var isLed = brokers.TryGetValue(partition.Leader, out var leader) && !leader.IsFenced;
        return new()
        {
            PartitionIndex = index,
            LeaderId = isLed ? partition.Leader : PartitionState.NoLeader,
            LeaderEpoch = partition.LeaderEpoch,
            ReplicaNodes = [.. partition.Replicas],
            IsrNodes = [.. partition.Isr],
            OfflineReplicas = [.. partition.Replicas.Where(r => !brokers.TryGetValue(r, out var b) || b.IsFenced)],
            ErrorCode = (short)(!isLed ? KafkaError.LeaderNotAvailable
                : ClientEndpoints.Of(leader!, call.Client.Listener) is null ? KafkaError.ListenerNotFound : KafkaError.None),
        };
    }
}
