namespace Microcosm.Kafka;

/// <summary>Where the leaders are that a response names to a client that asked the wrong broker (KIP-951).</summary>
internal static class Leaders
{
    public static void Add(KafkaCall call, ProduceResponse response)
    {
        if (call.Version < 10)
            return;
        var leaders = response.Responses.SelectMany(t => t.PartitionResponses).Select(p => p.CurrentLeader.LeaderId);
        response.NodeEndpoints = [.. At(call, leaders).Select(b => new ProduceResponse.NodeEndpoint
            { NodeId = b.Id, Host = b.At.Host, Port = b.At.Port, Rack = b.Rack })];
    }

    public static void Add(KafkaCall call, FetchResponse response)
    {
        if (call.Version < 16)
            return;
        var leaders = response.Responses.SelectMany(t => t.Partitions).Select(p => p.CurrentLeader.LeaderId);
        response.NodeEndpoints = [.. At(call, leaders).Select(b => new FetchResponse.NodeEndpoint
            { NodeId = b.Id, Host = b.At.Host, Port = b.At.Port, Rack = b.Rack })];
    }

    private static IEnumerable<(int Id, BrokerEndpoint At, string? Rack)> At(KafkaCall call, IEnumerable<int> leaders)
    {
        foreach (var id in leaders.Where(l => l >= 0).Distinct())
        {
            if (call.Broker.Cluster.Brokers.TryGetValue(id, out var broker) && ClientEndpoints.Of(broker, call.Client.Listener) is { } at)
                yield return (id, at, broker.Rack);
        }
    }
}
