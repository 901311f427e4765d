namespace Microcosm.Kafka;

/// <summary>The proxy of an external cluster as the Inside page shows it. A copy, taken in one turn.</summary>
/// <param name="Bootstrap">Where the cluster is.</param>
/// <param name="Brokers">Those that clients were told of.</param>
internal sealed record ProxyInside(
    string Bootstrap, IReadOnlyList<ProxiedBrokerInside> Brokers, IReadOnlyList<ProxyConnectionInside> Connections)
{
    // A page is for reading.
    private const int RowsMax = 200;

    /// <summary>On the node's executor.</summary>
    public static ProxyInside Read(
        ExternalKafkaOptions options, IEnumerable<ProxiedBroker> brokers, IEnumerable<ProxyConnection> connections) => new(
        options.BootstrapServers,
        [.. brokers.Take(RowsMax).Select(b => new ProxiedBrokerInside(b.Id, ExternalKafkaOptions.Show(b.Upstream),
            $"{b.Listener?.Socket?.ToString() ?? b.Listener?.Address.ToString()}"))],
        [.. connections.OrderBy(c => c.Transport.ConnectionId).Take(RowsMax).Select(c => new ProxyConnectionInside(
            c.Transport.ConnectionId, $"{c.Transport.Remote}", c.Upstream is { } at ? ExternalKafkaOptions.Show(at) : "", c.UnderWay,
            c.Transport.PendingBytes))]);
}
