namespace Microcosm.Kafka;

/// <summary>DescribeQuorum (KIP-595): who agrees on the metadata, and how far each is. Only the leader knows, so others ask it for their
/// clients.</summary>
internal static class DescribeQuorum
{
    private const string Topic = "__cluster_metadata";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [KafkaOperation("DescribeQuorum", 55, 0, 2, FlexibleFrom = 0)]
    public static async ValueTask Execute(KafkaCall call)
    {
        var request = call.Read<DescribeQuorumRequest>();
        if (call.CheckCluster(AclOperation.Describe) is var refused && refused != KafkaError.None)
        {
            call.Reply(new DescribeQuorumResponse { ErrorCode = (short)refused, ErrorMessage = null });
            return;
        }
        var response = await AskLeaderAsync(call, request) ?? new DescribeQuorumResponse
        {
            ErrorMessage = null,
            Topics = [.. request.Topics.Select(t => new DescribeQuorumResponse.TopicData
            {
                TopicName = t.TopicName,
                Partitions = [.. t.Partitions.Select(p => Describe(call, t.TopicName, p.PartitionIndex))],
            })],
        };
        response.Nodes = call.Version < 2 ? [] : [.. call.Broker.Cluster.Brokers.Values.Select(b => new DescribeQuorumResponse.Node
        {
            NodeId = b.Id,
            Listeners = [.. b.Endpoints.Where(e => e.Listener == call.Client.Listener.Name).Select(e =>
                new DescribeQuorumResponse.Listener { Name = e.Listener, Host = e.Host, Port = (ushort)e.Port })],
        })];
        call.Reply(response);
    }

    // Null: it leads itself, or another broker asks, or who leads does not answer.
    private static async ValueTask<DescribeQuorumResponse?> AskLeaderAsync(KafkaCall call, DescribeQuorumRequest request)
    {
        var (broker, leader) = (call.Broker, (int)call.Broker.Raft.Leader);
        if (leader == 0 || leader == broker.Id || call.Client.Listener.IsInternal)
            return null;
        var link = broker.LinkTo(leader, $"broker-{broker.Id}-quorum");
        try
        {
            return await link.CallAsync<DescribeQuorumRequest, DescribeQuorumResponse>(request, call.Version, Patience);
        }
        catch (IOException)
        {
            return null;
        }
        finally
        {
            link.Close();
        }
    }

    private static DescribeQuorumResponse.PartitionData Describe(KafkaCall call, string topic, int partition)
    {
        var answer = new DescribeQuorumResponse.PartitionData { PartitionIndex = partition, ErrorMessage = null };
        var status = call.Broker.Raft.Status();
        var error = topic != Topic || partition != 0 ? KafkaError.UnknownTopicOrPartition
            : status.Role != Consensus.RaftRole.Leader ? KafkaError.NotLeaderOrFollower : KafkaError.None;
        if (error != KafkaError.None)
        {
            answer.ErrorCode = (short)error;
            answer.ErrorMessage = call.Version >= 2 ? KafkaErrors.Message(error) : null;
            return answer;
        }
        (answer.LeaderId, answer.LeaderEpoch) = ((int)status.Leader, (int)status.Term);
        answer.HighWatermark = status.CommitIndex + 1;
        var timeMs = call.Broker.TimeMs;
        answer.CurrentVoters =
            [Of(status.Id, status.LastIndex, 0), .. status.Followers.Where(f => f.IsVoter).Select(f => Of(f.Id, f.Match, f.HeardMsAgo))];
        answer.Observers = [.. status.Followers.Where(f => !f.IsVoter).Select(f => Of(f.Id, f.Match, f.HeardMsAgo))];
        return answer;

        DescribeQuorumResponse.ReplicaState Of(long id, long last, long heardMsAgo) => new()
        {
            ReplicaId = (int)id, LogEndOffset = last + 1, LastFetchTimestamp = timeMs - heardMsAgo,
            LastCaughtUpTimestamp = last == status.LastIndex ? timeMs - heardMsAgo : -1,
        };
    }
}
