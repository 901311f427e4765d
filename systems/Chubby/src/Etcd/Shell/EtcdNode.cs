using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>A member of the cluster as a node.</summary>
internal sealed class EtcdNode(NodeContext context, EtcdOptions options, int id, int port) : Node(context)
{
    public const int PeerPort = 2380;

    private const long Group = 1;

    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LedWithin = TimeSpan.FromSeconds(10);

    private INodeListener? _listener;
    private RaftHost? _host;
    private EtcdMember? _member;
    private ITimer? _timer;

    /// <summary>The member; only on the node's executor.</summary>
    public EtcdMember Member => _member ?? throw new InvalidOperationException("The node has not started.");

    public static string NameOf(long id) => $"etcd-{id}";

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _host = await RaftHost.OpenAsync(Context, RaftOptions(), cancellation);
        _member = new EtcdMember(Context, options, id, _host.Starts);
        var founders = new Membership([.. Enumerable.Range(1, options.Replicas).Select(i => (long)i)]);
        _member.Join(await _host.JoinAsync(Group, founders, _member.Store, cancellation));
        _timer = Context.Clock.CreateTimer(_ => _member.Tick(), null, TickInterval, TickInterval);
        _listener = await Context.Network.ListenAsync(port, c => GrpcHost.ServeAsync(c, _member), cancellation);
        Context.Log.Write(LogSeverity.Info, $"ready to serve client requests on port {port}");
        // The members start one after the other: with the last one there can be a leader, and the cluster serves.
        if (id == options.Replicas)
            await IsLedAsync();
        PublishOnceLed();
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

    private RaftHostOptions RaftOptions() => new()
    {
        Id = id,
        Nodes = Enumerable.Range(1, options.Replicas).ToDictionary(i => (long)i, i => NameOf(i)),
        Port = PeerPort,
        Raft = new RaftOptions { EntryBytesMax = 4 << 20 },
    };

    private async void PublishOnceLed()
    {
        await IsLedAsync();
        Member.Publish(_listener!.Socket is { } socket ? $"http://{socket}" : $"http://{Context.Name}:{port}");
    }

    private Task<bool> IsLedAsync() => Member.Replica.UntilAsync(static r => r.HasQuorum && r.Leader != 0, LedWithin);
}
