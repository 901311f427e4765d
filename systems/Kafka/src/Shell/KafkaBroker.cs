using System.Globalization;
using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>One broker, which is also a voter or learner of the metadata's quorum: what its parts share. All on the node's
/// executor.</summary>
internal sealed class KafkaBroker
{
    /// <summary>Where brokers talk to each other.</summary>
    public const int ReplicationPort = 9191;

    private const int FirstPort = 9092;

    // A command is given so much time even where its client gives none.
    private const long AgreedWithinMs = 1_000;

    private static readonly TimeSpan RaftPatience = TimeSpan.FromSeconds(30);

    private readonly ClusterTopics _topics;
    private RaftMember? _raft;

    /// <param name="start">How often the node was started; what is drawn in one start is not drawn in another.</param>
    public KafkaBroker(NodeContext context, KafkaOptions options, int id, long start)
    {
        (Context, Options, Id) = (context, options, id);
        Facts["node.id"] = Facts["broker.id"] = id.ToString(CultureInfo.InvariantCulture);
        if (Rack is { } rack)
            Facts["broker.rack"] = rack;
        Deadlines = new Deadlines(context.Clock);
        Observation = new Observation(context);
        Random = context.Seed.Stream($"broker/{start}");
        Security = new BrokerSecurity(this);
        var sessionIds = context.Seed.Stream($"fetch-sessions/{start}");
        FetchSessions = new FetchSessions(
            new() { Slots = (int)options.Number("max.incremental.fetch.session.cache.slots") }, () => sessionIds.Next(int.MaxValue));
        Settings = new TopicSettings(new DynamicBrokerConfig(options, Cluster, id, Facts));
        Replicas = new Replicas(this);
        Fetchers = new ReplicaFetchers(this);
        Upkeep = new LogUpkeep(this);
        Lifecycle = new BrokerLifecycle(this);
        Controller = new Controller(this);
        ProducerIds = new ProducerIds(this);
        _topics = new ClusterTopics(Cluster);
        Groups = new(this, InternalTopics.ConsumerOffsets, (_, _) => new GroupShard(
            GroupSettings.Of(options), _topics, NewId, group => GroupSettings.TimesOf(Settings.Configs, group)));
        Groups.Start();
        Markers = new MarkerSender(this);
        Verifier = new TransactionVerifier(this);
        Transactions = new(this, InternalTopics.TransactionState,
            (_, epoch) => new TransactionShard(TransactionSettings.Of(options), epoch, ProducerIds.TryTake)) { Stepped = Markers.Take };
        Transactions.Start();
        ClusterChanged += ForgetDeletedTopics;
        Metadata.Changed += Changed;
    }

    /// <summary>The metadata changed; raised while the broker is live.</summary>
    public event Action<MetadataChange>? ClusterChanged;

    public NodeContext Context { get; }

    public KafkaOptions Options { get; }

    /// <summary><c>node.id</c>, from 1.</summary>
    public int Id { get; }

    public MetadataMachine Metadata { get; } = new();

    /// <summary>What the cluster agrees on, as far as this broker has it.</summary>
    public ClusterState Cluster => Metadata.State;

    public BrokerSecurity Security { get; }

    public FetchSessions FetchSessions { get; }

    /// <summary>What this broker knows of itself, by Kafka's names of configurations.</summary>
    public Dictionary<string, string> Facts { get; } = new(StringComparer.Ordinal);

    /// <summary><c>broker.rack</c></summary>
    public string? Rack => Options.RackOf(Id, Context.Zone);

    public TopicSettings Settings { get; }

    public Deadlines Deadlines { get; }

    public Observation Observation { get; }

    public RandomStream Random { get; }

    public Replicas Replicas { get; }

    public ReplicaFetchers Fetchers { get; }

    public LogUpkeep Upkeep { get; }

    public BrokerLifecycle Lifecycle { get; }

    public Controller Controller { get; }

    /// <summary>Coordinators of groups.</summary>
    public CoordinatorHost<GroupShard> Groups { get; }

    /// <summary>Coordinators of transactions.</summary>
    public CoordinatorHost<TransactionShard> Transactions { get; }

    public MarkerSender Markers { get; }

    public TransactionVerifier Verifier { get; }

    public ProducerIds ProducerIds { get; }

    public HashSet<KafkaConnection> Connections { get; } = [];

    public RaftMember Raft => _raft ?? throw new InvalidOperationException("The broker has not joined the quorum.");

    /// <summary>This start's epoch; -1 before it is registered.</summary>
    public long Epoch => Lifecycle.Epoch;

    /// <summary>The cluster knows this start of the broker, and so what it says of this broker is about this start.</summary>
    public bool IsLive => Lifecycle.Epoch >= 0 && !Lifecycle.IsStopped;

    /// <summary>The node's monotonic clock, in ms.</summary>
    public long NowMs => Deadlines.NowMs;

    /// <summary>Unix time of the node's clock, in ms.</summary>
    public long TimeMs => Context.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static string NameOf(int id) => $"kafka-{id}";

    /// <summary>Where clients reach a broker.</summary>
    public static int PortOf(int id) => FirstPort + id - 1;

    public void Join(RaftMember raft) => _raft = raft;

    /// <summary>The same for all brokers of a world.</summary>
    public string ClusterId => "bWljcm9jb3NtLWthZmthMQ";

    /// <summary>Whether a broker, of that epoch unless it is -1, may be in an ISR.</summary>
    public bool IsEligible(int id, long epoch) =>
        Cluster.Brokers.TryGetValue(id, out var broker) && broker.IsActive && (epoch == -1 || epoch == broker.Epoch);

    public BrokerLink LinkTo(int id, string clientId) => new(Context, new NodeEndPoint(NameOf(id), ReplicationPort), clientId);

    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>
    /// Puts a command before the cluster; completes when it is applied here, or with an error: RequestTimedOut where nobody knows whether
    /// it was carried out or no leader was found in time. A command that is <paramref name="isRepeatable"/> is tried again even then.
    /// </summary>
    public async ValueTask<MetadataResult> ProposeAsync(IMetadataCommand command, bool isRepeatable = false, TimeSpan? patience = null)
    {
        var bytes = MetadataCommands.Encode(command);
        var patienceMs = (long)(patience ?? RaftPatience).TotalMilliseconds;
        var untilMs = NowMs + patienceMs;
        // A leader that has lost its majority answers nothing.
        using var isOver = new CancellationTokenSource();
        using var deadline = Deadlines.Add(Math.Max(patienceMs, AgreedWithinMs), isOver.Cancel);
        while (true)
        {
            try
            {
                return (MetadataResult)(await Raft.ProposeAsync(bytes, isOver.Token))!;
            }
            catch (OperationCanceledException)
            {
                return new MetadataResult(KafkaError.RequestTimedOut);
            }
            catch (ConsensusException e) when (e.Reason == ConsensusFailure.Refused)
            {
                return new MetadataResult(KafkaError.RequestTimedOut, e.Message);
            }
            catch (ConsensusException e)
            {
                if (NowMs >= untilMs || e.Reason == ConsensusFailure.Stopped || (e.IsOutcomeUnknown && !isRepeatable))
                    return new MetadataResult(KafkaError.RequestTimedOut, e.Message);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), Context.Clock);
        }
    }

    private void ForgetDeletedTopics(MetadataChange change)
    {
        if (change.Topics.Where(name => !Cluster.Topics.ContainsKey(name)).ToList() is not { Count: > 0 } deleted)
            return;
        foreach (var slot in Groups.Slots.ToArray())
            slot.Run((shard, _) => shard.TopicsDeleted(deleted));
    }

    private void Changed(MetadataChange change)
    {
        _topics.Changed(change);
        if (!IsLive)
            return;
        Settings.Apply(change);
        Replicas.Apply(change);
        ClusterChanged?.Invoke(change);
    }
}
