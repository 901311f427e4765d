using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>A client for simulations: one request at a time to a broker that it names.</summary>
internal sealed class SimulatedKafkaClient(NodeContext context, int brokers)
{
    private const short MetadataVersion = 12;
    private const short FindCoordinatorVersion = 4;
    private const short CreateTopicsVersion = 7;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1_500);

    private readonly SortedDictionary<int, BrokerLink> _links = [];
    private readonly Dictionary<(string Topic, int Partition), int> _epochs = [];
    private readonly RandomStream _random = context.Seed.Stream("brokers");

    /// <summary>The response, or null where none came: whether the request was carried out is not known then.</summary>
    public async ValueTask<TResponse?> AskAsync<TRequest, TResponse>(
        int broker, TRequest request, short version, TimeSpan? patience = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (!_links.TryGetValue(broker, out var link))
        {
            var at = new NodeEndPoint(KafkaBroker.NameOf(broker), KafkaBroker.PortOf(broker));
            _links.Add(broker, link = new BrokerLink(context, at, context.Name));
        }
        try
        {
            return await link.CallAsync<TRequest, TResponse>(request, version, patience ?? Patience);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Asks any broker.</summary>
    public ValueTask<TResponse?> AskAnyAsync<TRequest, TResponse>(TRequest request, short version)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        AskAsync<TRequest, TResponse>(1 + _random.Next(brokers), request, version);

    /// <summary>The leader of a partition as some broker knows it, or null. One of an epoch older than one that was seen before is none: a
    /// broker that was paused may still take itself for it (KIP-320).</summary>
    public async ValueTask<MetadataResponse.MetadataResponsePartition?> LeaderAsync(string topic, int partition)
    {
        if (await TopicAsync(topic) is not { } known || known.Partitions.Find(p => p.PartitionIndex == partition)
            is not { LeaderId: > 0 } at)
            return null;
        if (at.LeaderEpoch < _epochs.GetValueOrDefault((topic, partition)))
            return null;
        _epochs[(topic, partition)] = at.LeaderEpoch;
        return at;
    }

    /// <summary>A topic as some broker knows it, or null.</summary>
    public async ValueTask<MetadataResponse.MetadataResponseTopic?> TopicAsync(string name)
    {
        var request = new MetadataRequest { Topics = [new() { Name = name }], AllowAutoTopicCreation = false };
        var response = await AskAnyAsync<MetadataRequest, MetadataResponse>(request, MetadataVersion);
        return response?.Topics is [{ ErrorCode: 0 } topic] ? topic : null;
    }

    /// <summary>The broker that coordinates a group or a transactional id, as some broker knows it; null where none does.</summary>
    public async ValueTask<int?> CoordinatorAsync(CoordinatorType type, string key)
    {
        var request = new FindCoordinatorRequest { KeyType = (sbyte)type, CoordinatorKeys = [key] };
        var response = await AskAnyAsync<FindCoordinatorRequest, FindCoordinatorResponse>(request, FindCoordinatorVersion);
        return response?.Coordinators is [{ ErrorCode: 0 } found] ? found.NodeId : null;
    }

    /// <summary>Asks the coordinator of a group or a transactional id.</summary>
    public async ValueTask<TResponse?> AskCoordinatorAsync<TRequest, TResponse>(
        CoordinatorType type, string key, TRequest request, short version)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        await CoordinatorAsync(type, key) is { } broker ? await AskAsync<TRequest, TResponse>(broker, request, version) : null;

    /// <summary>Creates a topic, and returns when some broker knows it.</summary>
    public async Task CreateAsync(string topic, int partitions, int replicas)
    {
        var request = new CreateTopicsRequest
        {
            Topics = [new()
            {
                Name = topic, NumPartitions = partitions, ReplicationFactor = (short)replicas,
                Configs = [new() { Name = "min.insync.replicas", Value = "2" }, new() { Name = "segment.bytes", Value = "2000" }],
            }],
        };
        while (await TopicAsync(topic) is null)
        {
            await AskAnyAsync<CreateTopicsRequest, CreateTopicsResponse>(request, CreateTopicsVersion);
            await Task.Delay(TimeSpan.FromMilliseconds(50), context.Clock);
        }
    }

    public void Close()
    {
        foreach (var link in _links.Values)
            link.Close();
    }
}
