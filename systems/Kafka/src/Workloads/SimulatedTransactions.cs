using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Kafka;

/// <summary>
/// One life of a transactional producer, one request at a time. Each step says whether it was carried out; if not, this life is over. What
/// is not answered is asked again only where each transaction has its own epoch (KIP-890): before, a late request may fall into the next.
/// </summary>
/// <param name="isBumping">Speaks as clients do since KIP-890.</param>
internal sealed class SimulatedTransactions(
    NodeContext context, SimulatedKafkaClient client, RandomStream random, string id, string group, bool isBumping)
{
    private const int TimeoutMs = 1_000;

    private readonly Dictionary<(string Topic, int Partition), int> _sequences = [];
    private long _producerId = -1;
    private short _epoch = -1;

    /// <summary>How likely it dies at a step.</summary>
    public double DiesAtStep { get; init; }

    public required Func<bool> IsOn { get; init; }

    /// <summary>InitProducerId, which fences who had the id before.</summary>
    public Task<bool> InitAsync() => StepAsync(async () =>
    {
        var request = new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = TimeoutMs };
        var response = await AskAsync<InitProducerIdRequest, InitProducerIdResponse>(request, 5);
        if (response is { ErrorCode: 0 })
            Use(response.ProducerId, response.ProducerEpoch);
        return (KafkaError?)response?.ErrorCode;
    }, isRepeatable: true);

    /// <summary>Where the group goes on, once no transaction is about to change it; null: this life is over.</summary>
    public async Task<long?> PositionAsync(string topic, int partition)
    {
        long? position = null;
        await StepAsync(async () =>
        {
            var request = new OffsetFetchRequest
            {
                RequireStable = true,
                Groups = [new() { GroupId = group, Topics = [new() { Name = topic, PartitionIndexes = [partition] }] }],
            };
            var response = await client.AskCoordinatorAsync<OffsetFetchRequest, OffsetFetchResponse>(
                CoordinatorType.Group, group, request, 8);
            if (response?.Groups is not [var answer])
                return null;
            if (answer.ErrorCode != 0)
                return (KafkaError)answer.ErrorCode;
            var offset = answer.Topics[0].Partitions[0];
            if (offset.ErrorCode == 0)
                position = Math.Max(0, offset.CommittedOffset);
            return (KafkaError)offset.ErrorCode;
        }, isRepeatable: true);
        return position;
    }

    public async Task<bool> ProduceAsync(string topic, int partition, string value)
    {
        if (!isBumping && !await StepAsync(() => AddPartitionAsync(topic, partition), isRepeatable: false))
            return false;
        var sequence = _sequences.GetValueOrDefault((topic, partition));
        var builder = new RecordBatchBuilder
        {
            ProducerId = _producerId, ProducerEpoch = _epoch, BaseSequence = sequence, IsTransactional = true,
        };
        builder.Add(context.Clock.GetUtcNow().ToUnixTimeMilliseconds(), null, Encoding.UTF8.GetBytes(value));
        var batch = builder.Build();
        _sequences[(topic, partition)] = sequence + 1;
        return await StepAsync(() => SendAsync(topic, partition, batch), isRepeatable: isBumping);
    }

    public async Task<bool> CommitOffsetAsync(string topic, int partition, long offset)
    {
        if (!isBumping && !await StepAsync(AddOffsetsAsync, isRepeatable: false))
            return false;
        var request = new TxnOffsetCommitRequest
        {
            TransactionalId = id, GroupId = group, ProducerId = _producerId, ProducerEpoch = _epoch, GenerationId = -1, MemberId = "",
            Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, CommittedOffset = offset }] }],
        };
        return await StepAsync(async () =>
        {
            var response = await client.AskCoordinatorAsync<TxnOffsetCommitRequest, TxnOffsetCommitResponse>(
                CoordinatorType.Group, group, request, (short)(isBumping ? 5 : 4));
            return (KafkaError?)response?.Topics[0].Partitions[0].ErrorCode;
        }, isRepeatable: isBumping);
    }

    public Task<bool> EndAsync(bool isCommit)
    {
        var request = new EndTxnRequest { TransactionalId = id, ProducerId = _producerId, ProducerEpoch = _epoch, Committed = isCommit };
        return StepAsync(async () =>
        {
            var response = await AskAsync<EndTxnRequest, EndTxnResponse>(request, (short)(isBumping ? 5 : 4));
            if (response is { ErrorCode: 0 } && isBumping)
                Use(response.ProducerId, response.ProducerEpoch);
            return (KafkaError?)response?.ErrorCode;
        }, isRepeatable: isBumping);
    }

    private async Task<KafkaError?> AddPartitionAsync(string topic, int partition)
    {
        var request = new AddPartitionsToTxnRequest
        {
            V3AndBelowTransactionalId = id, V3AndBelowProducerId = _producerId, V3AndBelowProducerEpoch = _epoch,
            V3AndBelowTopics = [new() { Name = topic, Partitions = [partition] }],
        };
        var response = await AskAsync<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>(request, 3);
        return (KafkaError?)response?.ResultsByTopicV3AndBelow[0].ResultsByPartition[0].PartitionErrorCode;
    }

    private async Task<KafkaError?> AddOffsetsAsync()
    {
        var request = new AddOffsetsToTxnRequest
        {
            TransactionalId = id, ProducerId = _producerId, ProducerEpoch = _epoch, GroupId = group,
        };
        return (KafkaError?)(await AskAsync<AddOffsetsToTxnRequest, AddOffsetsToTxnResponse>(request, 3))?.ErrorCode;
    }

    private async Task<KafkaError?> SendAsync(string topic, int partition, byte[] batch)
    {
        if (await client.LeaderAsync(topic, partition) is not { } at)
            return KafkaError.LeaderNotAvailable;
        var request = new ProduceRequest
        {
            TransactionalId = id, Acks = -1, TimeoutMs = TimeoutMs,
            TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = batch }] }],
        };
        var response = await client.AskAsync<ProduceRequest, ProduceResponse>(at.LeaderId, request, (short)(isBumping ? 12 : 11));
        var error = (KafkaError?)response?.Responses[0].PartitionResponses[0].ErrorCode;
        if (error is KafkaError.OutOfOrderSequenceNumber or KafkaError.UnknownProducerId or KafkaError.CorruptMessage)
            throw new CheckFailedException("sequence", $"{id} got {error} on partition {partition} of {topic} in epoch {_epoch}");
        return error;
    }

    private ValueTask<TResponse?> AskAsync<TRequest, TResponse>(TRequest request, short version)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        client.AskCoordinatorAsync<TRequest, TResponse>(CoordinatorType.Transaction, id, request, version);

    private void Use(long producerId, short epoch)
    {
        if ((producerId, epoch) != (_producerId, _epoch))
            _sequences.Clear();
        (_producerId, _epoch) = (producerId, epoch);
    }

    private async Task<bool> StepAsync(Func<Task<KafkaError?>> ask, bool isRepeatable)
    {
        while (IsOn() && !random.Chance(DiesAtStep))
        {
            var error = await ask();
            if (error == KafkaError.None)
                return true;
            if (error is { } refused ? !IsPassing(refused) : !isRepeatable)
                return false;
            await Task.Delay(TimeSpan.FromMilliseconds(10 + random.Next(50)), context.Clock);
        }
        return false;
    }

    private static bool IsPassing(KafkaError error) => error
        is KafkaError.NotCoordinator or KafkaError.CoordinatorLoadInProgress or KafkaError.CoordinatorNotAvailable
        or KafkaError.ConcurrentTransactions or KafkaError.UnstableOffsetCommit or KafkaError.LeaderNotAvailable
        or KafkaError.NotLeaderOrFollower or KafkaError.NotEnoughReplicas or KafkaError.NotEnoughReplicasAfterAppend
        or KafkaError.RequestTimedOut or KafkaError.NetworkException or KafkaError.UnknownTopicOrPartition;
}
