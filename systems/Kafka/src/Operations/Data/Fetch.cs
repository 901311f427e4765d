namespace Microcosm.Kafka;

/// <summary>
/// Fetch: whole batches as they lie on the disk. A follower's offset is also its acknowledgement. Where there is less than the client
/// wants, the request waits and is answered the moment there is enough. In a session (KIP-227) a request names what changed, and is about
/// all partitions.
/// </summary>
internal static class Fetch
{
    public const short Key = 1;

    [KafkaOperation("Fetch", Key, 4, 17, FlexibleFrom = 12)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<FetchRequest>();
        var broker = call.Broker;
        var replica = call.Version >= 15 ? request.ReplicaState.ReplicaId : request.ReplicaId;
        if (replica >= 0 && !call.Client.Listener.IsInternal)
        {
            call.Reply(new FetchResponse { ErrorCode = (short)KafkaError.ClusterAuthorizationFailed });
            return;
        }
        var context = broker.FetchSessions.Begin(
            request, call.Version, replica >= 0, id => broker.Cluster.TopicsById.GetValueOrDefault(id)?.Name, broker.NowMs);
        if (context.Error != KafkaError.None)
        {
            call.Reply(context.Answer([], broker.NowMs));
            return;
        }
        var targets = context.Partitions.Select(p => Target(call, p)).ToList();
        foreach (var target in targets)
        {
            if (target.Partition is { } partition)
                await partition.SettledAsync();
        }
        new FetchWait(call, request, replica, context, targets).Begin();
    }

    private static FetchTarget Target(KafkaCall call, FetchedPartition fetched)
    {
        var mayRead = fetched.Topic is not { } topic || call.May(AclOperation.Read, AclResourceType.Topic, topic);
        var error = mayRead ? fetched.Check(call.Broker.Cluster) : KafkaError.TopicAuthorizationFailed;
        if (error != KafkaError.None)
            return new FetchTarget(fetched, null, error);
        var partition = call.Broker.Replicas.Find(new TopicPartition(fetched.Topic!, fetched.Request.Partition));
        return new FetchTarget(fetched, partition, partition is null ? KafkaError.NotLeaderOrFollower : KafkaError.None);
    }
}
