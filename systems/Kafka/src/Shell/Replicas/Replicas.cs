namespace Microcosm.Kafka;

/// <summary>All replicas of this broker: made, changed and removed as the cluster's metadata says.</summary>
internal sealed class Replicas(KafkaBroker broker)
{
    private const string Root = "logs/";

    private readonly SortedDictionary<TopicPartition, Partition> _all = [];
    private readonly Dictionary<TopicPartition, Task> _removing = [];

    /// <summary>This broker leads a partition now, and leads it no more.</summary>
    public event Action<Partition>? LeadershipStarted;

    public event Action<Partition>? LeadershipLost;

    /// <summary>The files of all logs.</summary>
    public LogFiles Files { get; } = new(broker.Context.Disk);

    public IReadOnlyCollection<Partition> All => _all.Values;

    public static string FolderOf(TopicPartition name) => Root + name;

    public Partition? Find(TopicPartition name) => _all.GetValueOrDefault(name);

    /// <summary>Takes over what changed in the metadata. Before the broker is live, replicas are opened and do nothing.</summary>
    public void Apply(MetadataChange change)
    {
        var state = broker.Cluster;
        if (change.IsEverything || change.Brokers.Contains(broker.Id))
        {
            Reconcile(state);
            return;
        }
        foreach (var topic in change.Topics)
            Apply(state, topic);
        foreach (var resource in change.Configs)
        {
            if (resource == ConfigResource.AllBrokers || resource.Type == ConfigResourceType.Broker)
                _all.Values.ToList().ForEach(p => p.SettingsChanged());
            else if (resource.Type == ConfigResourceType.Topic)
                OfTopic(resource.Name).ForEach(p => p.SettingsChanged());
        }
    }

    /// <summary>Looks at everything again, as after a snapshot or when the broker has become live.</summary>
    public void Reconcile(ClusterState state)
    {
        foreach (var topic in _all.Keys.Select(p => p.Topic).Distinct().Except(state.Topics.Keys).ToArray())
            Apply(state, topic);
        foreach (var topic in state.Topics.Keys)
            Apply(state, topic);
    }

    /// <summary>Removes the folders of replicas that the cluster does not know: they went while this broker was away.</summary>
    public async ValueTask RemoveStrayAsync()
    {
        var known = _all.Keys.Select(FolderOf).ToHashSet(StringComparer.Ordinal);
        var stray = broker.Context.Disk.List(Root).Where(f => !known.Contains(f[..f.LastIndexOf('/')])).ToArray();
        foreach (var file in stray)
            broker.Context.Disk.Delete(file);
        if (stray.Length > 0)
            await broker.Context.Disk.SyncNamesAsync();
    }

    /// <summary>The log of a replica in its folder. One of an earlier topic of its name, which was deleted while this broker was away, goes
    /// first. Throws <see cref="Storage.DamagedFileException"/>.</summary>
    public async ValueTask<PartitionLog> OpenLogAsync(TopicPartition name, Guid topicId)
    {
        var log = await OpenAsync();
        if (log.TopicId != Guid.Empty && log.TopicId != topicId)
        {
            await log.DeleteAsync();
            log = await OpenAsync();
        }
        log.TopicId = topicId;
        return log;

        ValueTask<PartitionLog> OpenAsync() =>
            PartitionLog.OpenAsync(Files, FolderOf(name), broker.Settings.OfLog(name.Topic), broker.Context.Clock);
    }

    public void LeadershipBegan(Partition partition) => LeadershipStarted?.Invoke(partition);

    public void LeadershipEnded(Partition partition) => LeadershipLost?.Invoke(partition);

    /// <summary>A replica cannot be used: others are to lead, and not to wait for it. async void: where it is not carried out, the next
    /// change of the partition or the broker asks again.</summary>
    public async void GiveUp(Partition partition)
    {
        var state = partition.State;
        if (broker.IsLive && (state.Leader == broker.Id || (state.Isr.Contains(broker.Id) && state.Isr.Count > 1)))
        {
            await broker.ProposeAsync(
                new OfflineReplica(broker.Id, broker.Epoch, partition.TopicId, partition.Name.Partition), isRepeatable: true);
        }
    }

    public void CheckIsrs()
    {
        foreach (var partition in _all.Values)
            partition.CheckIsr();
    }

    /// <summary>Closes all logs, side by side.</summary>
    public Task CloseAsync() => Task.WhenAll(_all.Values.Select(p => p.CloseAsync().AsTask()));

    private List<Partition> OfTopic(string topic) => [.. _all.Values.Where(p => p.Name.Topic == topic)];

    private void Apply(ClusterState state, string name)
    {
        var topic = state.Topics.GetValueOrDefault(name);
        foreach (var partition in OfTopic(name))
        {
            var isKept = topic is not null && topic.Id == partition.TopicId && partition.Name.Partition < topic.Partitions.Count
                && topic.Partitions[partition.Name.Partition].Replicas.Contains(broker.Id);
            if (!isKept)
                Remove(partition);
        }
        for (var at = 0; at < topic?.Partitions.Count; at++)
        {
            if (!topic.Partitions[at].Replicas.Contains(broker.Id))
                continue;
            var id = new TopicPartition(name, at);
            if (!_all.TryGetValue(id, out var partition))
                {
                // Its folder may still be that of an earlier one.
                var before = _removing.GetValueOrDefault(id, Task.CompletedTask);
                _all.Add(id, partition = new Partition(broker, id, topic.Id, topic.Partitions[at], before));
            }
            partition.Change(topic.Partitions[at]);
        }
    }

    // async void: an error of the disk ends the broker.
    private async void Remove(Partition partition)
    {
        _all.Remove(partition.Name);
        broker.Fetchers.Leave(partition);
        var removing = _removing[partition.Name] = partition.RemoveAsync();
        await removing;
        if (_removing.GetValueOrDefault(partition.Name) == removing)
            _removing.Remove(partition.Name);
    }
}
