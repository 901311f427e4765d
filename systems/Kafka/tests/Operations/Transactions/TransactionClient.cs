using System.Net.Sockets;
using Microcosm.Kafka.Tests.Storage;

namespace Microcosm.Kafka.Tests.Operations.Transactions;

/// <summary>A client that sends each request of a transaction itself, to the broker that is in charge, again while nobody is.</summary>
internal sealed class TransactionClient(World world) : IAsyncDisposable
{
    public const string Id = "tx";

    private static readonly TimeSpan Backoff = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<int, RawClient> _brokers = [];

    /// <summary>Whom the last <see cref="InitAsync"/> or EndTxn 5 made it.</summary>
    public ProducerResult Producer { get; set; }

    public static Task<World> StartAsync(int nodes = 1) => World.StartAsync(w =>
    {
        w.Options.Ports = PortPolicy.None;
        w.AddKafka(o =>
        {
            o.Nodes = nodes;
            o.Set("offsets.topic.num.partitions", "3");
            o.Set("transaction.state.log.num.partitions", "3");
            o.BrokerSessionTimeoutMs = 1_000;
            o.BrokerHeartbeatIntervalMs = 100;
        });
    }, TestContext.Current.CancellationToken);

    public async Task CreateAsync(string topic, params int[] leaders)
    {
        var request = new CreateTopicsRequest
        {
            Topics =
            [
                new()
                {
                    Name = topic, NumPartitions = leaders.Length == 0 ? 1 : -1, ReplicationFactor = leaders.Length == 0 ? (short)1
                        : (short)-1,
                    Assignments = [.. leaders.Select((l, i) =>
                        new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = i, BrokerIds = [l] })],
                },
            ],
        };
        var response = await CallAsync<CreateTopicsRequest, CreateTopicsResponse>(1, request, 5);
        Assert.Equal(KafkaError.None, (KafkaError)response.Topics[0].ErrorCode);
    }

    /// <summary>The broker that coordinates a transactional id (1) or a group (0).</summary>
    public async Task<int> CoordinatorOfAsync(string key, sbyte type, int ask = 1)
    {
        while (true)
        {
            var response = await CallAsync<FindCoordinatorRequest, FindCoordinatorResponse>(ask, new() { Key = key, KeyType = type }, 3);
            if (response.ErrorCode == 0)
                return response.NodeId;
            await Task.Delay(Backoff, world.Clock.Time);
        }
    }

    public async Task<KafkaError> InitAsync(int timeoutMs = 60_000, int ask = 1) => await AgainAsync(ask, async coordinator =>
    {
        var response = await CallAsync<InitProducerIdRequest, InitProducerIdResponse>(
            coordinator, new() { TransactionalId = Id, TransactionTimeoutMs = timeoutMs, ProducerEpoch = -1 }, 4);
        if (response.ErrorCode == 0)
            Producer = new ProducerResult(KafkaError.None, response.ProducerId, response.ProducerEpoch);
        return (KafkaError)response.ErrorCode;
    });

    public async Task<KafkaError> AddAsync(string topic, params int[] partitions) => await AgainAsync(1, async coordinator =>
    {
        var response = await CallAsync<AddPartitionsToTxnRequest, AddPartitionsToTxnResponse>(coordinator, new()
        {
            V3AndBelowTransactionalId = Id, V3AndBelowProducerId = Producer.ProducerId, V3AndBelowProducerEpoch = Producer.ProducerEpoch,
            V3AndBelowTopics = [new() { Name = topic, Partitions = [.. partitions] }],
        }, 3);
        return (KafkaError)response.ResultsByTopicV3AndBelow[0].ResultsByPartition[0].PartitionErrorCode;
    });

    public async Task<KafkaError> EndAsync(bool commit, short version = 4, int ask = 1) => await AgainAsync(ask, async coordinator =>
    {
        var response = await CallAsync<EndTxnRequest, EndTxnResponse>(coordinator, new()
            { TransactionalId = Id, ProducerId = Producer.ProducerId, ProducerEpoch = Producer.ProducerEpoch, Committed = commit },
                version);
        if (response.ErrorCode == 0 && version >= 5)
            Producer = new ProducerResult(KafkaError.None, response.ProducerId, response.ProducerEpoch);
        return (KafkaError)response.ErrorCode;
    });

    /// <summary>One record of the transaction, or of another id, or of none.</summary>
    public async Task<KafkaError> ProduceAsync(
        string topic, int sequence, short version = 11, int partition = 0, int leader = 1, string? transactionalId = Id)
    {
        var batch = Batch.Keyed(new RecordBatchBuilder
        {
            ProducerId = Producer.ProducerId, ProducerEpoch = Producer.ProducerEpoch, BaseSequence = sequence, IsTransactional = true,
        }, world.Clock.Now.ToUnixTimeMilliseconds(), $"k={sequence}");
        return await AgainAsync(async () =>
        {
            var response = await CallAsync<ProduceRequest, ProduceResponse>(leader, new()
            {
                TransactionalId = transactionalId, Acks = -1, TimeoutMs = 5_000,
                TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = batch }] }],
            }, version);
            return (KafkaError)response.Responses[0].PartitionResponses[0].ErrorCode;
        });
    }

    /// <summary>What a reader of the whole partition gets, as far as it may see.</summary>
    public async Task<List<string>> ReadAsync(string topic, bool isCommitted, int partition = 0, int leader = 1)
    {
        List<string> read = [];
        await AgainAsync(async () =>
        {
            var response = await CallAsync<FetchRequest, FetchResponse>(leader, new()
            {
                MinBytes = 0, MaxBytes = 1 << 20, IsolationLevel = isCommitted ? (sbyte)1 : (sbyte)0,
                Topics = [new() { Topic = topic, Partitions = [new() { Partition = partition, PartitionMaxBytes = 1 << 20 }] }],
            }, 11);
            var answer = response.Responses[0].Partitions[0];
            read = [.. Batch.Read(answer.Records ?? default),
                .. (answer.AbortedTransactions ?? []).Select(a => $"aborted from {a.FirstOffset}")];
            return (KafkaError)answer.ErrorCode;
        });
        return read;
    }

    /// <summary>The state that the coordinator shows.</summary>
    public async Task<string> StateAsync(int ask = 1)
    {
        var state = "";
        await AgainAsync(ask, async coordinator =>
        {
            var response = await CallAsync<DescribeTransactionsRequest, DescribeTransactionsResponse>(
                coordinator, new() { TransactionalIds = [Id] }, 0);
            state = response.TransactionStates[0].TransactionState;
            return (KafkaError)response.TransactionStates[0].ErrorCode;
        });
        return state;
    }

    /// <summary>Waits until the coordinator shows a state.</summary>
    public async Task UntilAsync(string state, int ask = 1)
    {
        while (await StateAsync(ask) != state)
            await Task.Delay(Backoff, world.Clock.Time);
    }

    public async Task<TResponse> CallAsync<TRequest, TResponse>(int broker, TRequest request, short version)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (!_brokers.TryGetValue(broker, out var client))
            _brokers.Add(broker, client = await RawClient.ConnectAsync(world, broker));
        try
        {
            return await client.CallAsync<TRequest, TResponse>(request, version);
        }
        catch (IOException)
        {
            _brokers.Remove(broker);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _brokers.Values)
            await client.DisposeAsync();
    }

    private Task<KafkaError> AgainAsync(int ask, Func<int, Task<KafkaError>> call) =>
        AgainAsync(async () => await call(await CoordinatorOfAsync(Id, 1, ask)));

    private async Task<KafkaError> AgainAsync(Func<Task<KafkaError>> call)
    {
        while (true)
        {
            try
            {
                var error = await call();
                if (error is not (KafkaError.CoordinatorLoadInProgress or KafkaError.NotCoordinator or KafkaError.CoordinatorNotAvailable
                    or KafkaError.ConcurrentTransactions or KafkaError.NotEnoughReplicas or KafkaError.NotLeaderOrFollower))
                    return error;
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // The broker died; another is to be asked.
            }
            await Task.Delay(Backoff, world.Clock.Time);
        }
    }
}
