using Microcosm.Consensus;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Chubby.Etcd;

/// <summary>A member of the cluster as a node.</summary>
internal sealed class EtcdNode(NodeContext context, EtcdOptions options, int number, int port) : Node(context)
{
    public const int PeerPort = 2380;

    /// <summary>Where <see cref="ClusterQuestions"/> are answered.</summary>
    public const int QuestionPort = 2378;

    private const long Group = 1;

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LedWithin = TimeSpan.FromSeconds(10);

    private INodeListener? _listener;
    private RaftHost? _host;
    private EtcdMember? _member;
    private ITimer? _timer;

    /// <summary>What serves a connection of a client until it ends, on the node's executor; null for gRPC.</summary>
    public Func<ConnectionContext, EtcdMember, Task>? Carrier { get; init; }

    /// <summary>The member; only on the node's executor.</summary>
    public EtcdMember Member => _member ?? throw new InvalidOperationException("The node has not started.");

    /// <inheritdoc/>
    public override EtcdInside Inside() => EtcdInside.Read(Member);

    public static string NameOf(long id) => $"etcd-{id}";

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        var tls = ServerTls.Of(options);
        await FoundingSnapshot.TakeAsync(Context.Disk, options.SnapshotFile, cancellation);
        var identity = await OwnIdentity.FindAsync(Context, options, cancellation);
        _host = await RaftHost.OpenAsync(Context, RaftOptions(MemberIds.InRaft(identity.Id)), cancellation);
        _member = new EtcdMember(Context, options, _host, identity) { Jwt = JwtTokens.Of(options.AuthToken) };
        FoundingSnapshot.Restore(Context.Disk, _member.Store);
        await Context.Network.ListenAsync(QuestionPort, new ClusterQuestions.Sessions(_member.Cluster.View), cancellation);
        _member.Join(await _host.JoinAsync(Group, EtcdCluster.FoundersOf(identity), _member.Store, cancellation));
        if (_member.Replica.Status().SnapshotIndex > 0)
            FoundingSnapshot.Forget(Context.Disk);
        _timer = Context.Clock.CreateTimer(_ => _member.Tick(), null, TickInterval, TickInterval);
        _listener = await Context.Network.ListenAsync(
            port, c => Carrier is { } carry ? carry(c, _member) : GrpcHost.ServeAsync(c, _member, tls), cancellation);
        Context.Log.Write(LogSeverity.Info, $"ready to serve client requests on port {port}");
        _member.Cluster.Serves($"{options.Scheme}://{_listener.Socket?.ToString() ?? $"{Context.Name}:{port}"}");
        // The founders start one after the other: with the last one there can be a leader, and the cluster serves. One that joins finds it.
        if (number >= options.Replicas)
            await _member.Replica.UntilAsync(static r => r.HasQuorum && r.Leader != 0, LedWithin);
    }

    public override async ValueTask StopAsync(CancellationToken cancellation)
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
        if (_listener is not null)
            await _listener.CloseAsync();
        if (_host is not null)
            await _host.StopAsync();
    }

    private RaftHostOptions RaftOptions(long id) => new()
    {
        Id = id,
        Nodes = new Dictionary<long, string> { [id] = Context.Name },
        Port = PeerPort,
        SnapshotEntries = options.SnapshotCount,
        KeepEntries = options.SnapshotCatchUpEntries,
        Raft = new RaftOptions { EntryBytesMax = 4 << 20 },
    };
}
