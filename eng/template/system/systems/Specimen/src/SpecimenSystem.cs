using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

[assembly: CatalogedSystem<Microcosm.Specimen.SpecimenSystem>]

namespace Microcosm.Specimen;

/// <summary>Specimen in a world: one server, <c>specimen-1</c>, on port 47474.</summary>
public sealed class SpecimenSystem(SpecimenOptions options) : SystemDefinition, ICatalogedSystem
{
    private const int Port = 47474;

    /// <inheritdoc/>
    public static IReadOnlyList<WorkloadDefinition> Workloads { get; } =
    [
        new("specimen-registers", "SET, GET and DEL under crashes, torn writes and resets: linearizable, and nothing is lost",
            () => new RegisterWorkload()),
    ];

    /// <summary>Its spans and metrics, process-wide: <c>Microcosm.Specimen</c>.</summary>
    public static SystemTelemetry Telemetry { get; } = new("Microcosm.Specimen", "specimen", TelemetryConventions.General);

    static string ICatalogedSystem.UsualName => "specimen";

    /// <summary>The options; changes count from the next start of a node.</summary>
    public SpecimenOptions Options { get; } = options;

    /// <inheritdoc/>
    public override string Name => "specimen";

    /// <inheritdoc/>
    public override string Contract => SpecimenOperations.Contract;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeDefinition> Nodes { get; } =
    [
        new NodeDefinition("specimen-1", Port, context => new SpecimenNode(context, options, Port)) { Telemetry = Telemetry },
    ];

    static SystemDefinition ICatalogedSystem.Create() => new SpecimenSystem(new SpecimenOptions());

    /// <inheritdoc/>
    public override void SetOption(string name, string value) => Options.Set(name, value);

    /// <inheritdoc/>
    public override string ConnectionString(IReadOnlyList<string> endpoints) => string.Join(',', endpoints);

    /// <inheritdoc/>
    public override async ValueTask PingAsync(Stream connection, CancellationToken cancellation)
    {
        await connection.WriteAsync("PING\n"u8.ToArray(), cancellation);
        await connection.FlushAsync(cancellation);
        var reply = new byte[5];
        await connection.ReadExactlyAsync(reply, cancellation);
        if (!reply.AsSpan().SequenceEqual("PONG\n"u8))
            throw new IOException($"Specimen answered its PING with '{Encoding.ASCII.GetString(reply)}'");
    }
}
