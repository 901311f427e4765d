using System.Net;
using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>A broker as a node: it listens for clients, for other brokers and for the metadata's quorum.</summary>
internal sealed class KafkaNode(NodeContext context, KafkaOptions options, int id) : Node(context), ISessionFactory
{
    /// <summary>Brokers with higher numbers only learn the metadata.</summary>
    public const int VotersMax = 5;

    private const long MetadataGroup = 1;
    private const int RaftPort = 9190;

    private static readonly TimeSpan ServesWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HandedOverWithin = TimeSpan.FromSeconds(5);

    private readonly List<INodeListener> _listeners = [];
    private RaftHost? _raft;
    private KafkaBroker? _broker;
    private ITimer? _isrTimer;

    /// <summary>The broker; only on the node's executor.</summary>
    public KafkaBroker Broker => _broker ?? throw new InvalidOperationException("The node has not started.");

    /// <summary>For the Inside page; only on the node's executor.</summary>
    public override KafkaInside Inside() => KafkaInside.Read(Broker);

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        _raft = await RaftHost.OpenAsync(Context, RaftOptions(), cancellation);
        var broker = _broker = new KafkaBroker(Context, options, id, _raft.Starts);
        var founders = new Membership(
            Enumerable.Range(1, Math.Min(options.Nodes, VotersMax)).Select(i => (long)i),
            learners: Enumerable.Range(VotersMax + 1, Math.Max(0, options.Nodes - VotersMax)).Select(i => (long)i));
        broker.Join(await _raft.JoinAsync(MetadataGroup, founders, broker.Metadata, cancellation));
        var brokers = await Context.Network.ListenAsync(KafkaBroker.ReplicationPort, new BrokerSessions(this), cancellation);
        var clients = options.IsTls
            ? await Context.Network.ListenAsync(
                KafkaBroker.PortOf(id), new TlsServer(Context, TlsServer.Of(options, Context), Accept).RunAsync, cancellation)
            : await Context.Network.ListenAsync(KafkaBroker.PortOf(id), this, cancellation);
        _listeners.AddRange([brokers, clients]);
        broker.Controller.Start();
        var endpoints = Endpoints(brokers, clients);
        broker.Facts["advertised.listeners"] = string.Join(',', endpoints.Select(e => $"{e.Listener}://{e.Host}:{e.Port}"));
        broker.Lifecycle.Start(endpoints);
        broker.Upkeep.Start();
        var often = TimeSpan.FromMilliseconds(Math.Max(1, options.ReplicaLagTimeMaxMs / 2));
        _isrTimer = Context.Clock.CreateTimer(_ => broker.Replicas.CheckIsrs(), null, often, often);
        // Brokers start one after the other: with the last voter there can be a leader, with the last broker the cluster serves.
        if (id == Math.Min(options.Nodes, VotersMax) && broker.Raft.Leader == 0)
            broker.Raft.Campaign();
        if (id == options.Nodes)
            await new ClusterStart(broker, ServesWithin).WaitAsync();
        Context.Log.Write(LogSeverity.Info, $"[KafkaRaftServer nodeId={id}] Kafka Server started");
    }

    public override async ValueTask StopAsync(CancellationToken cancellation)
    {
        if (_broker is not { } broker || _raft is null)
            return;
        await broker.Lifecycle.StopAsync(HandedOverWithin);
        foreach (var listener in _listeners)
            await listener.CloseAsync();
        foreach (var client in broker.Connections.ToArray())
            client.Close();
        broker.Fetchers.Stop();
        broker.Markers.Stop();
        broker.Verifier.Stop();
        if (_isrTimer is not null)
            await _isrTimer.DisposeAsync();
        await broker.Controller.StopAsync();
        await broker.Deadlines.StopAsync();
        await broker.Upkeep.StopAsync();
        await broker.Replicas.CloseAsync();
        await _raft.StopAsync();
    }

    public Session? Accept(SessionTransport transport) => Accept(transport, null);

    private Session? Accept(SessionTransport transport, string? certified)
    {
        if (transport.Remote is not IPEndPoint remote)
            return Accept(transport, KafkaListener.Internal, certified);
        if (Broker.Security.ConnectionQuotas.Record(remote.Address.ToString(), Broker.NowMs) is var lateMs and > 0)
        {
            // Closed at once its client would come again at once.
            Broker.Deadlines.Add(lateMs, transport.Close);
            return new SilentSession();
        }
        return Accept(transport, KafkaListener.External, certified);
    }

    private KafkaSession Accept(SessionTransport transport, KafkaListener listener, string? certified)
    {
        var client = new KafkaConnection(Broker, transport, listener, certified);
        Broker.Connections.Add(client);
        client.Ended += () => Broker.Connections.Remove(client);
        return new KafkaSession(client, options.SocketRequestMaxBytes);
    }

    private static List<BrokerEndpoint> Endpoints(INodeListener brokers, INodeListener clients)
    {
        var endpoints = new List<BrokerEndpoint>
        {
            new(KafkaListener.Brokers.Name, brokers.Address.Node, brokers.Address.Port),
            new(KafkaListener.Internal.Name, clients.Address.Node, clients.Address.Port),
        };
        if (clients.Socket is { } socket)
            endpoints.Add(new(KafkaListener.External.Name, socket.Address.ToString(), socket.Port));
        return endpoints;
    }

    private RaftHostOptions RaftOptions() => new()
    {
        Id = id,
        Nodes = Enumerable.Range(1, options.Nodes).ToDictionary(i => (long)i, KafkaBroker.NameOf),
        Port = RaftPort,
        Raft = new RaftOptions { EntryBytesMax = 16 << 20 },
    };

    // What is meant for brokers is taken from brokers only, by the fabric: a socket of the machine is not one.
    private sealed class BrokerSessions(KafkaNode node) : ISessionFactory
    {
        public Session? Accept(SessionTransport transport) =>
            transport.Remote is NodeEndPoint { Node: var name }
                && Enumerable.Range(1, node.Broker.Options.Nodes).Any(i => KafkaBroker.NameOf(i) == name)
                ? node.Accept(transport, KafkaListener.Brokers, null) : null;
    }
}
