using System.Globalization;
using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

[assembly: CatalogedSystem<Microcosm.Chubby.ChubbySystem>]

namespace Microcosm.Chubby;

/// <summary>A cell of Chubby in a world: <c>chubby-1</c>, <c>chubby-2</c> …, ZooKeeper's protocol on ports 2181, 2182 …</summary>
public sealed class ChubbySystem(ChubbyOptions options) : SystemDefinition, ICatalogedSystem
{
    /// <inheritdoc/>
    public static IReadOnlyList<WorkloadDefinition> Workloads { get; } =
    [
        new("chubby-registers", "create, delete and read at all members under all faults of machines and links: linearizable, nothing lost",
            () => new RegisterWorkload()),
        new("chubby-locks", "Locks, sequencers and cached files of Chubby's own API while members and links fail",
            () => new Cell.CellWorkload()),
    ];

    /// <summary>Its spans and metrics, process-wide: <c>Microcosm.Chubby</c>.</summary>
    public static SystemTelemetry Telemetry { get; } = new("Microcosm.Chubby", "zookeeper", TelemetryConventions.General);

    static string ICatalogedSystem.UsualName => "chubby";

    /// <summary>The options; changes count from the next start of a node.</summary>
    public ChubbyOptions Options { get; } = options;

    /// <inheritdoc/>
    public override string Name => "chubby";

    /// <inheritdoc/>
    public override string Contract => Cell.ChubbyOperations.Contract + ZooKeeperOperations.Contract;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeDefinition> Nodes =>
        [.. Enumerable.Range(1, Options.Nodes).Select(id =>
            new NodeDefinition(ChubbyNode.NameOf(id), ChubbyNode.PortOf(id), context => new ChubbyNode(context, Options, id))
            {
                Telemetry = Telemetry,
                Zone = $"zone-{(char)('a' + ((id - 1) % 3))}",
            })];

    static SystemDefinition ICatalogedSystem.Create() => new ChubbySystem(new ChubbyOptions());

    /// <inheritdoc/>
    public override void SetOption(string name, string value) => Options.Set(name, value);

    /// <inheritdoc/>
    public override string ConnectionString(IReadOnlyList<string> endpoints) => string.Join(',', endpoints);

    /// <inheritdoc/>
    public override async ValueTask PingAsync(Stream connection, CancellationToken cancellation)
    {
        await connection.WriteAsync("ruok"u8.ToArray(), cancellation);
        await connection.FlushAsync(cancellation);
        var reply = new byte[64];
        var n = await connection.ReadAsync(reply, cancellation);
        var text = Encoding.ASCII.GetString(reply, 0, n);
        if (!text.StartsWith("imok", StringComparison.Ordinal) && !text.Contains("whitelist", StringComparison.Ordinal))
            throw new IOException(string.Create(CultureInfo.InvariantCulture, $"ZooKeeper's ruok was answered with '{text}'"));
    }
}
