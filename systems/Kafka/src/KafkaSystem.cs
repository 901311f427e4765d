using System.Buffers.Binary;
using System.Net.Security;
using Microcosm.Runtime;
using Microcosm.Simulation;

[assembly: CatalogedSystem<Microcosm.Kafka.KafkaSystem>]

namespace Microcosm.Kafka;

/// <summary>Kafka in a world: brokers <c>kafka-1</c>, <c>kafka-2</c> …, on ports 9092, 9093 …</summary>
public sealed class KafkaSystem(KafkaOptions options) : SystemDefinition, ICatalogedSystem
{
    /// <inheritdoc/>
    public static IReadOnlyList<WorkloadDefinition> Workloads { get; } =
    [
        new("kafka-records", "idempotent producers and readers of replicated partitions under all faults of three brokers, elections and "
            + "reassignments: nothing committed is lost, doubled or reordered", () => new RecordsWorkload(3)),
        new("kafka-records-5", "the same with five brokers, of which three have a partition", () => new RecordsWorkload(5)),
        new("kafka-transactions", "copiers with transactions and offsets in them, which die and fence each other, under the same "
            + "faults: nothing aborted is shown, a transaction is shown whole or not at all, each record is copied exactly once",
            () => new TransactionsWorkload()),
        new("kafka-groups", "members of a classic and a consumer group that come, leave and die, under the same faults: none is "
            + "given what another holds, commits by a generation that is over are refused, offsets do not go back, all is read "
            + "in the end", () => new GroupsWorkload()),
    ];

    /// <summary>Its spans and metrics, process-wide: <c>Microcosm.Kafka</c>.</summary>
    public static SystemTelemetry Telemetry { get; } = new("Microcosm.Kafka", "kafka", TelemetryConventions.General);

    static string ICatalogedSystem.UsualName => "kafka";

    static Func<string, SystemDefinition>? ICatalogedSystem.External => at => new ExternalKafkaSystem(new ExternalKafkaOptions(at));

    /// <summary>The options; changes count from the next start of a node.</summary>
    public KafkaOptions Options { get; } = options;

    /// <inheritdoc/>
    public override string Name => "kafka";

    /// <inheritdoc/>
    public override string Contract => KafkaOperations.Contract;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeDefinition> Nodes =>
        [.. Enumerable.Range(1, Options.Nodes).Select(id =>
            new NodeDefinition(KafkaBroker.NameOf(id), KafkaBroker.PortOf(id), context => new KafkaNode(context, Options, id))
            {
                Telemetry = Telemetry,
                Zone = $"zone-{(char)('a' + ((id - 1) % 3))}",
            })];

    static SystemDefinition ICatalogedSystem.Create() => new KafkaSystem(new KafkaOptions());

    /// <inheritdoc/>
    public override void SetOption(string name, string value) => Options.Set(name, value);

    /// <summary>For <c>bootstrap.servers</c>.</summary>
    public override string ConnectionString(IReadOnlyList<string> endpoints) => string.Join(',', endpoints);

    /// <inheritdoc/>
    public override async ValueTask PingAsync(Stream connection, CancellationToken cancellation)
    {
        if (Options.IsTls)
            await ShakeHandsAsync(connection, cancellation);
        else
            await AskVersionsAsync(connection, cancellation);
    }

    /// <summary>The beginning of TLS. Whose certificate it is does not matter here, and ours is not asked for until after this.</summary>
    internal static async ValueTask ShakeHandsAsync(Stream connection, CancellationToken cancellation)
    {
        await using var tls = new SslStream(connection, leaveInnerStreamOpen: true, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, cancellation);
    }

    /// <summary>ApiVersions, which everybody may ask. Throws <see cref="IOException"/> where nobody answers as Kafka does.</summary>
    internal static async ValueTask AskVersionsAsync(Stream connection, CancellationToken cancellation)
    {
        // Version 0, correlation 1, no client id.
        await connection.WriteAsync(new byte[] { 0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff }, cancellation);
        await connection.FlushAsync(cancellation);
        var reply = new byte[10];
        await connection.ReadExactlyAsync(reply, cancellation);
        if (BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(4)) != 1 || BinaryPrimitives.ReadInt16BigEndian(reply.AsSpan(8)) is var error
            && error != 0)
            throw new IOException($"Kafka answered ApiVersions with '{Convert.ToHexString(reply)}'");
    }
}
