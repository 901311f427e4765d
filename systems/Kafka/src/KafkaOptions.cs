using System.Globalization;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// Options of a cluster, named and spelled as in Kafka's server.properties. Defaults are those of Kafka 4.0, but that a new group waits
/// for nobody, and that internal topics have no more replicas than there are brokers.
/// </summary>
public sealed class KafkaOptions
{
    /// <summary>The version that brokers behave as.</summary>
    public const string Version = "4.0.0";

    private readonly SortedDictionary<string, string> _set = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _saslUsers = new(StringComparer.Ordinal);

    /// <summary><c>nodes</c>: how many brokers, 1 to 9, each of them a controller too. Ours; Kafka starts one at a time.</summary>
    public int Nodes { get; set => field = value is >= 1 and <= 9 ? value : throw WrongNodes($"{value}"); } = 1;

    /// <summary><c>num.partitions</c>: of a topic that is created without saying how many.</summary>
    public int NumPartitions { get => Int("num.partitions"); set => Set("num.partitions", value); }

    /// <summary><c>default.replication.factor</c>: of a topic that is created without saying how many.</summary>
    public int DefaultReplicationFactor { get => Int("default.replication.factor"); set => Set("default.replication.factor", value); }

    /// <summary><c>auto.create.topics.enable</c>: whether asking for a topic creates it.</summary>
    public bool AutoCreateTopicsEnable { get => Flag("auto.create.topics.enable"); set => Set("auto.create.topics.enable", value); }

    /// <summary><c>delete.topic.enable</c></summary>
    public bool DeleteTopicEnable { get => Flag("delete.topic.enable"); set => Set("delete.topic.enable", value); }

    /// <summary><c>min.insync.replicas</c>: of topics that do not say otherwise.</summary>
    public int MinInsyncReplicas { get => Int("min.insync.replicas"); set => Set("min.insync.replicas", value); }

    /// <summary><c>message.max.bytes</c>: the largest batch, for topics that do not say otherwise.</summary>
    [Limit("message.max.bytes")]
    public int MessageMaxBytes { get => Int("message.max.bytes"); set => Set("message.max.bytes", value); }

    /// <summary><c>socket.request.max.bytes</c>: the largest request.</summary>
    [Limit("socket.request.max.bytes")]
    public int SocketRequestMaxBytes { get => Int("socket.request.max.bytes"); set => Set("socket.request.max.bytes", value); }

    /// <summary><c>fetch.max.bytes</c>: the largest answer to a fetch.</summary>
    [Limit("fetch.max.bytes")]
    public int FetchMaxBytes { get => Int("fetch.max.bytes"); set => Set("fetch.max.bytes", value); }

    /// <summary><c>replica.lag.time.max.ms</c>: how long a follower may be behind and yet be in sync.</summary>
    public int ReplicaLagTimeMaxMs { get => Int("replica.lag.time.max.ms"); set => Set("replica.lag.time.max.ms", value); }

    /// <summary><c>replica.fetch.max.bytes</c>: what a follower asks for, a partition.</summary>
    public int ReplicaFetchMaxBytes { get => Int("replica.fetch.max.bytes"); set => Set("replica.fetch.max.bytes", value); }

    /// <summary><c>replica.fetch.response.max.bytes</c>: what a follower asks for at once.</summary>
    public int ReplicaFetchResponseMaxBytes
    {
        get => Int("replica.fetch.response.max.bytes");
        set => Set("replica.fetch.response.max.bytes", value);
    }

    /// <summary><c>replica.fetch.wait.max.ms</c>: how long a follower's fetch waits.</summary>
    public int ReplicaFetchWaitMaxMs { get => Int("replica.fetch.wait.max.ms"); set => Set("replica.fetch.wait.max.ms", value); }

    /// <summary><c>replica.fetch.backoff.ms</c>: a follower's rest after an error.</summary>
    public int ReplicaFetchBackoffMs { get => Int("replica.fetch.backoff.ms"); set => Set("replica.fetch.backoff.ms", value); }

    /// <summary><c>broker.session.timeout.ms</c>: silence after which a broker is fenced.</summary>
    public int BrokerSessionTimeoutMs { get => Int("broker.session.timeout.ms"); set => Set("broker.session.timeout.ms", value); }

    /// <summary><c>broker.heartbeat.interval.ms</c></summary>
    public int BrokerHeartbeatIntervalMs { get => Int("broker.heartbeat.interval.ms"); set => Set("broker.heartbeat.interval.ms", value); }

    /// <summary><c>offsets.topic.num.partitions</c></summary>
    public int OffsetsTopicNumPartitions { get => Int("offsets.topic.num.partitions"); set => Set("offsets.topic.num.partitions", value); }

    /// <summary><c>offsets.topic.replication.factor</c>: 3, or as many as there are brokers.</summary>
    public int OffsetsTopicReplicationFactor
    {
        get => Int(CoordinatorConfigs.OffsetsTopicReplication);
        set => Set(CoordinatorConfigs.OffsetsTopicReplication, value);
    }

    /// <summary><c>transaction.state.log.num.partitions</c></summary>
    public int TransactionStateLogNumPartitions
    {
        get => Int("transaction.state.log.num.partitions");
        set => Set("transaction.state.log.num.partitions", value);
    }

    /// <summary><c>transaction.state.log.replication.factor</c>: 3, or as many as there are brokers.</summary>
    public int TransactionStateLogReplicationFactor
    {
        get => Int(CoordinatorConfigs.TransactionLogReplication);
        set => Set(CoordinatorConfigs.TransactionLogReplication, value);
    }

    /// <summary><c>transaction.state.log.min.isr</c>: 2, or as many as there are brokers.</summary>
    public int TransactionStateLogMinIsr
    {
        get => Int(CoordinatorConfigs.TransactionLogMinIsr);
        set => Set(CoordinatorConfigs.TransactionLogMinIsr, value);
    }

    /// <summary><c>user_NAME</c>, as in a JAAS file: the password of a user of SASL PLAIN.</summary>
    public IReadOnlyDictionary<string, string> SaslUsers => _saslUsers;

    /// <summary><c>security.protocol</c> of the listener for clients: PLAINTEXT, SASL_PLAINTEXT, SSL or SASL_SSL. SASL_PLAINTEXT if there
    /// are users and it is not set, else PLAINTEXT. Ours; Kafka maps listeners' names to it.</summary>
    public string SecurityProtocol
    {
        get => field ?? (_saslUsers.Count > 0 ? "SASL_PLAINTEXT" : "PLAINTEXT");
        set => field = value is "PLAINTEXT" or "SASL_PLAINTEXT" or "SSL" or "SASL_SSL" ? value
            : throw new ArgumentException($"Invalid value {value} for security.protocol: PLAINTEXT, SASL_PLAINTEXT, SSL or SASL_SSL");
    }

    internal bool IsSasl => SecurityProtocol.StartsWith("SASL_", StringComparison.Ordinal);

    internal bool IsTls => SecurityProtocol.EndsWith("SSL", StringComparison.Ordinal);

    /// <summary>See <see cref="LogSettings.RoomBytes"/>.</summary>
    internal int RoomBytes { get; set; } = new LogSettings().RoomBytes;

    /// <summary>What was set, by name.</summary>
    internal IReadOnlyDictionary<string, string> Settings => _set;

    /// <summary>An option's text, as set or by default; empty for one that has no value. Throws <see cref="ArgumentException"/>.</summary>
    public string this[string name] => Text(name);

    /// <summary>An option's text, as set or by default; empty for one that has no value. Throws <see cref="ArgumentException"/>.</summary>
    public string Text(string name) => TextOrNull(name) ?? "";

    /// <summary>A numeric option. Throws <see cref="ArgumentException"/> for a name that is unknown.</summary>
    public long Number(string name) => long.Parse(Text(name), CultureInfo.InvariantCulture);

    /// <summary>An option that is true or false. Throws <see cref="ArgumentException"/> for a name that is unknown.</summary>
    public bool Flag(string name) => Text(name) == "true";

    /// <summary>Gives a user of SASL PLAIN a password.</summary>
    public void AddSaslUser(string name, string password) => _saslUsers[name] = password;

    /// <summary>Sets an option by its name. Throws <see cref="ArgumentException"/>.</summary>
    public void Set(string name, string value)
    {
        const string user = "user_";
        if (name == "nodes")
            Nodes = value is [>= '1' and <= '9'] ? value[0] - '0' : throw WrongNodes(value);
        else if (name == "security.protocol")
            SecurityProtocol = value;
        else if (name.StartsWith(user, StringComparison.Ordinal) && name.Length > user.Length)
            AddSaslUser(name[user.Length..], value);
        else if (KeyOf(name) is { IsFact: true })
            throw new ArgumentException($"{name} is not to be set: the cluster gives it to its brokers");
        else if (KeyOf(name).WhyInvalid(value) is { } why)
            throw new ArgumentException(why);
        else
            _set[name] = value.Trim();
    }

    /// <summary><c>broker.rack</c> of a broker: the zone of its node unless set; <c>{id}</c> stands for the broker's number.</summary>
    internal string? RackOf(int brokerId, string? zone) => TextOrNull("broker.rack")?.Replace("{id}", Small(brokerId)) ?? zone;

    /// <summary>The default, which may depend on how many brokers there are; null for what has no value unless set.</summary>
    internal string? DefaultOf(string name) => name switch
    {
        CoordinatorConfigs.OffsetsTopicReplication or CoordinatorConfigs.TransactionLogReplication => Small(Math.Min(3, Nodes)),
        CoordinatorConfigs.TransactionLogMinIsr => Small(Math.Min(2, Nodes)),
        _ => KeyOf(name).Default,
    };

    internal string? TextOrNull(string name) => _set.TryGetValue(name, out var text) ? text : DefaultOf(name);

    private static ConfigKey KeyOf(string name) =>
        BrokerConfigs.All.TryGetValue(name, out var key) ? key
        : throw new ArgumentException($"Unknown option '{name}'. Known: nodes, security.protocol, user_NAME, "
            + string.Join(", ", BrokerConfigs.All.Values.Where(k => !k.IsFact).Select(k => k.Name).Order(StringComparer.Ordinal)));

    private static ArgumentException WrongNodes(string value) => new($"Invalid value {value} for nodes: a number from 1 to 9");

    private static string Small(int number) => number.ToString(CultureInfo.InvariantCulture);

    private int Int(string name) => (int)Math.Min(int.MaxValue, Number(name));

    private void Set(string name, int value) => Set(name, value.ToString(CultureInfo.InvariantCulture));

    private void Set(string name, bool value) => Set(name, value ? "true" : "false");
}
