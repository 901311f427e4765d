using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

[assembly: CatalogedSystem<Microcosm.Redis.RedisSystem>]

namespace Microcosm.Redis;

/// <summary>Redis in a world: one server, <c>redis-1</c>, on port 6379.</summary>
public sealed class RedisSystem(RedisOptions options) : SystemDefinition, ICatalogedSystem
{
    private const int Port = 6379;

    /// <inheritdoc/>
    public static IReadOnlyList<WorkloadDefinition> Workloads { get; } =
    [
        new("redis-counters", "INCRBY and GET under crashes and torn writes: every sum is the one after some order of all additions",
            () => new CounterWorkload()),
        new("redis-durable", "registers, counters, lists, transactions and queues under all faults: linearizable, and nothing is lost",
            () => new DurableRedisWorkload()),
    ];

    /// <summary>Its spans and metrics, process-wide: <c>Microcosm.Redis</c>.</summary>
    public static SystemTelemetry Telemetry { get; } = new("Microcosm.Redis", "redis", TelemetryConventions.Database);

    static string ICatalogedSystem.UsualName => "redis";

    /// <summary>The options; changes count from the next start of a node.</summary>
    public RedisOptions Options { get; } = options;

    /// <inheritdoc/>
    public override string Name => "redis";

    /// <inheritdoc/>
    public override string Contract => RedisCommands.Contract;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeDefinition> Nodes { get; } =
        [new NodeDefinition("redis-1", Port, context => new RedisNode(context, options, Port)) { Telemetry = Telemetry }];

    static SystemDefinition ICatalogedSystem.Create() => new RedisSystem(new RedisOptions());

    /// <inheritdoc/>
    public override void SetOption(string name, string value) => Options.Set(name, value);

    /// <inheritdoc/>
    public override string ConnectionString(IReadOnlyList<string> endpoints) => string.Join(',', endpoints);

    /// <inheritdoc/>
    public override async ValueTask PingAsync(Stream connection, CancellationToken cancellation)
    {
        await connection.WriteAsync("PING\r\n"u8.ToArray(), cancellation);
        await connection.FlushAsync(cancellation);
        var reply = new byte[64];
        var n = await connection.ReadAsync(reply, cancellation);
        var text = Encoding.ASCII.GetString(reply, 0, n);
        if (!text.StartsWith("+PONG", StringComparison.Ordinal) && !text.StartsWith("-NOAUTH", StringComparison.Ordinal))
            throw new IOException($"Redis answered its PING with '{text.TrimEnd()}'");
    }
}
