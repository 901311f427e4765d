using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>An etcd cluster in a world: <c>etcd-1</c>, <c>etcd-2</c> …, clients on ports 2379, 2381, 2382 …</summary>
public sealed class EtcdSystem(EtcdOptions options) : SystemDefinition
{
    internal const int FirstPort = 2379;

    /// <summary>Its spans and metrics, process-wide: <c>Microcosm.Etcd</c>.</summary>
    public static SystemTelemetry Telemetry { get; } = new("Microcosm.Etcd", "etcd", TelemetryConventions.General);

    /// <summary>The options; changes count from the next start of a node.</summary>
    public EtcdOptions Options { get; } = options;

    /// <inheritdoc/>
    public override string Name => "etcd";

    /// <inheritdoc/>
    public override string Contract => EtcdOperations.Contract;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeDefinition> Nodes =>
        [.. Enumerable.Range(1, Options.Replicas).Select(id =>
            new NodeDefinition(EtcdNode.NameOf(id), PortOf(id), context => new EtcdNode(context, Options, id, PortOf(id)))
            {
                Telemetry = Telemetry,
                Zone = $"zone-{(char)('a' + ((id - 1) % 3))}",
            })];

    /// <inheritdoc/>
    public override void SetOption(string name, string value) => Options.Set(name, value);

    /// <inheritdoc/>
    public override string ConnectionString(IReadOnlyList<string> endpoints) => string.Join(',', endpoints.Select(e => "http://" + e));

    /// <inheritdoc/>
    public override async ValueTask PingAsync(Stream connection, CancellationToken cancellation)
    {
        // HTTP/2's preface and empty settings (RFC 9113 3.4); the server's own settings come back.
        await connection.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"u8.ToArray(), cancellation);
        await connection.FlushAsync(cancellation);
        var reply = new byte[9];
        await connection.ReadExactlyAsync(reply, cancellation);
        if (reply[3] != 4)
            throw new IOException($"etcd answered HTTP/2's preface with '{Encoding.ASCII.GetString(reply)}'");
    }

    // 2380 is the members' own.
    private static int PortOf(int id) => id == 1 ? FirstPort : FirstPort + id;
}
