using System.Net.Security;
using System.Text;
using Microcosm.Runtime;
using Microcosm.Simulation;

[assembly: CatalogedSystem<Microcosm.Chubby.Etcd.EtcdSystem>]

namespace Microcosm.Chubby.Etcd;

/// <summary>An etcd cluster in a world: <c>etcd-1</c>, <c>etcd-2</c> …, clients on ports 2379, 2381, 2382 …</summary>
public sealed class EtcdSystem(EtcdOptions options) : SystemDefinition, ICatalogedSystem
{
    internal const int FirstPort = 2379;

    /// <inheritdoc/>
    public static IReadOnlyList<WorkloadDefinition> Workloads { get; } =
    [
        new("etcd-registers", "put, delete, read and swap at all members under all faults: linearizable, nothing lost",
            () => new EtcdRegisterWorkload()),
        new("etcd-locks", "leases, locks and elections under all faults: one owner by revision, leases end neither early nor never",
            () => new EtcdLockWorkload()),
        new("etcd-watches", "watches over reconnects and compactions under all faults: each change once, in order, without a gap",
            () => new EtcdWatchWorkload()),
    ];

    /// <summary>Its spans and metrics, process-wide: <c>Microcosm.Etcd</c>.</summary>
    public static SystemTelemetry Telemetry { get; } = new("Microcosm.Etcd", "etcd", TelemetryConventions.General);

    static string ICatalogedSystem.UsualName => "etcd";

    static string? ICatalogedSystem.FaceOf => "chubby";

    /// <summary>The options; changes count from the next start of a node.</summary>
    public EtcdOptions Options { get; } = options;

    /// <inheritdoc/>
    public override string Name => "etcd";

    /// <inheritdoc/>
    public override string Contract => EtcdOperations.Contract;

    /// <inheritdoc/>
    public override IReadOnlyList<NodeDefinition> Nodes =>
        [.. Enumerable.Range(1, Options.Replicas + Options.Spares).Select(id =>
            new NodeDefinition(EtcdNode.NameOf(id), PortOf(id), context => new EtcdNode(context, Options, id, PortOf(id)))
            {
                Telemetry = Telemetry,
                IsSpare = id > Options.Replicas,
                Zone = $"zone-{(char)('a' + ((id - 1) % 3))}",
            })];

    static SystemDefinition ICatalogedSystem.Create() => new EtcdSystem(new EtcdOptions());

    /// <inheritdoc/>
    public override void SetOption(string name, string value) => Options.Set(name, value);

    /// <inheritdoc/>
    public override string ConnectionString(IReadOnlyList<string> endpoints) =>
        string.Join(',', endpoints.Select(e => $"{Options.Scheme}://{e}"));

    /// <inheritdoc/>
    public override async ValueTask PingAsync(Stream connection, CancellationToken cancellation)
    {
        if (Options.CertFile.Length > 0)
        {
            // Whose certificate it is does not matter here, and ours is not asked for until after this.
            await using var tls = new SslStream(connection, leaveInnerStreamOpen: true, (_, _, _, _) => true);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = Name }, cancellation);
            return;
        }
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
