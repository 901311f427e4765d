using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// What all brokers agree on. Changed only through its methods, by commands. Invariants: those of <see cref="PartitionState"/>; every
/// replica is a registered broker; a fenced broker leads nothing; epochs only grow; a topic's name and id belong together; producer ids
/// are given out once.
/// </summary>
internal sealed class ClusterState
{
    private readonly SortedDictionary<int, BrokerRegistration> _brokers = [];
    private readonly SortedDictionary<string, TopicState> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, TopicState> _topicsById = [];
    private readonly SortedDictionary<ConfigResource, SortedDictionary<string, string>> _configs = [];

    public IReadOnlyDictionary<int, BrokerRegistration> Brokers => _brokers;

    /// <summary>By name, in ordinal order.</summary>
    public IReadOnlyDictionary<string, TopicState> Topics => _topics;

    public IReadOnlyDictionary<Guid, TopicState> TopicsById => _topicsById;

    public IReadOnlyDictionary<ConfigResource, SortedDictionary<string, string>> Configs => _configs;

    public SortedSet<AclBinding> Acls { get; } = [];

    public SortedDictionary<(string User, byte Mechanism), ScramCredential> ScramCredentials { get; } = new(UserOrder.Instance);

    /// <summary>By entity, as <see cref="QuotaEntity"/> writes it; then by the quota's name.</summary>
    public SortedDictionary<string, SortedDictionary<string, double>> ClientQuotas { get; } = new(StringComparer.Ordinal);

    /// <summary>The first producer id that nobody has.</summary>
    public long NextProducerId { get; internal set; }

    /// <summary>What the command under way has touched.</summary>
    public MetadataChange Change { get; private set; } = new();

    public MetadataChange TakeChange()
    {
        var change = Change;
        Change = new MetadataChange();
        return change;
    }

    public bool IsActive(int broker) => _brokers.TryGetValue(broker, out var registration) && registration.IsActive;

    /// <summary>The value set for the resource, or null.</summary>
    public string? Config(ConfigResource resource, string name) =>
        _configs.TryGetValue(resource, out var configs) && configs.TryGetValue(name, out var value) ? value : null;

    /// <summary>The topic's own value, else the cluster's default, else no.</summary>
    public bool IsUncleanElectionEnabled(string topic) =>
        Bug.IsPlanted("kafka/unclean-election-though-disabled")
        || (Config(ConfigResource.Topic(topic), TopicConfigs.UncleanElection)
            ?? Config(ConfigResource.AllBrokers, TopicConfigs.UncleanElection)) is "true";

    public void SetBroker(BrokerRegistration registration)
    {
        if (_brokers.TryGetValue(registration.Id, out var before))
            Invariant.Check(registration.Epoch >= before.Epoch, "a broker's epoch never falls");
        _brokers[registration.Id] = registration;
        Change.Brokers.Add(registration.Id);
    }

    /// <summary>The topic of an id. Throws <see cref="MetadataRefusal"/> where there is none, or it has no such partition.</summary>
    public TopicState TopicWith(Guid id, int partition)
    {
        if (!_topicsById.TryGetValue(id, out var topic))
            throw new MetadataRefusal(KafkaError.UnknownTopicId);
        return partition >= 0 && partition < topic.Partitions.Count ? topic
            : throw new MetadataRefusal(KafkaError.UnknownTopicOrPartition);
    }

    public void AddTopic(TopicState topic)
    {
        foreach (var partition in topic.Partitions)
            Check(partition);
        _topics.Add(topic.Name, topic);
        _topicsById.Add(topic.Id, topic);
        Change.Topics.Add(topic.Name);
    }

    /// <summary>The topic's configuration goes with it.</summary>
    public void RemoveTopic(TopicState topic)
    {
        _topics.Remove(topic.Name);
        _topicsById.Remove(topic.Id);
        _configs.Remove(ConfigResource.Topic(topic.Name));
        Change.Topics.Add(topic.Name);
        Change.DeletedTopics.Add(topic.Id);
    }

    public void AddPartition(TopicState topic, PartitionState partition)
    {
        Check(partition);
        topic.Mutable.Add(partition);
        Change.Topics.Add(topic.Name);
    }

    public void SetPartition(TopicState topic, int index, PartitionState partition)
    {
        Check(partition);
        partition.CheckFollows(topic.Partitions[index]);
        topic.Mutable[index] = partition;
        Change.Topics.Add(topic.Name);
    }

    /// <summary>A null value deletes.</summary>
    public void SetConfig(ConfigResource resource, string name, string? value)
    {
        if (!_configs.TryGetValue(resource, out var configs))
            configs = _configs[resource] = new(StringComparer.Ordinal);
        if (value is null)
            configs.Remove(name);
        else
            configs[name] = value;
        if (configs.Count == 0)
            _configs.Remove(resource);
        Change.Configs.Add(resource);
    }

    /// <summary>Checks the whole state; for tests and after a snapshot.</summary>
    public void CheckInvariants()
    {
        foreach (var (name, topic) in _topics)
        {
            Invariant.Check(topic.Name == name && ReferenceEquals(_topicsById[topic.Id], topic), "names and ids belong together");
            foreach (var partition in topic.Partitions)
                Check(partition);
        }
        Invariant.Check(_topics.Count == _topicsById.Count, "every id has a name");
    }

    internal void Forget()
    {
        _brokers.Clear();
        _topics.Clear();
        _topicsById.Clear();
        _configs.Clear();
        Acls.Clear();
        ScramCredentials.Clear();
        ClientQuotas.Clear();
        NextProducerId = 0;
        Change = new MetadataChange();
    }

    private void Check(PartitionState partition)
    {
        partition.CheckInvariants();
        Invariant.Check(partition.Replicas.All(_brokers.ContainsKey), "every replica is a registered broker");
        Invariant.Check(
            partition.Leader == PartitionState.NoLeader || !_brokers[partition.Leader].IsFenced, "a fenced broker leads nothing");
    }

    private sealed class UserOrder : IComparer<(string User, byte Mechanism)>
    {
        public static readonly UserOrder Instance = new();

        public int Compare((string User, byte Mechanism) x, (string User, byte Mechanism) y) =>
            string.CompareOrdinal(x.User, y.User) is var order && order != 0 ? order : x.Mechanism.CompareTo(y.Mechanism);
    }
}
