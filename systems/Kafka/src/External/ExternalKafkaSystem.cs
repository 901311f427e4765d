using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// A Kafka cluster outside of the world, seen through a proxy that knows its operations: node <c>kafka-proxy</c>, on port 9092, and a port
/// for each broker that clients are told of. Faults and spans are those of <see cref="KafkaSystem"/>.
/// </summary>
public sealed class ExternalKafkaSystem(ExternalKafkaOptions options) : SystemDefinition
{
    /// <summary>Where the cluster is; changes count from the next start of the node.</summary>
    public ExternalKafkaOptions Options { get; } = options;

    /// <inheritdoc/>
    public override string Name => "kafka";

    /// <inheritdoc/>
    public override string Contract => KafkaOperations.Contract;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeDefinition> Nodes =>
        [new(ProxyNode.Name, ProxyNode.BootstrapPort, context => new ProxyNode(context, Options)) { Telemetry = KafkaSystem.Telemetry }];

    /// <inheritdoc/>
    public override void SetOption(string name, string value) => Options.Set(name, value);

    /// <summary>For <c>bootstrap.servers</c>.</summary>
    public override string ConnectionString(IReadOnlyList<string> endpoints) => string.Join(',', endpoints);

    /// <inheritdoc/>
    public override ValueTask PingAsync(Stream connection, CancellationToken cancellation) =>
        Options.IsListenerTls ? KafkaSystem.ShakeHandsAsync(connection, cancellation)
        : KafkaSystem.AskVersionsAsync(connection, cancellation);
}
