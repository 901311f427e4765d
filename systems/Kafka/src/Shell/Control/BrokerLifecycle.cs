namespace Microcosm.Kafka;

/// <summary>
/// A broker's way into the cluster and out of it (KIP-631): it registers, is unfenced, shows that it lives, and hands over what it leads
/// before it stops.
/// </summary>
internal sealed class BrokerLifecycle(KafkaBroker broker)
{
    private const short HeartbeatVersion = 1;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);

    private readonly SortedDictionary<int, BrokerLink> _links = [];
    private readonly TaskCompletionSource _serving = new();
    private Guid _incarnation;
    private IReadOnlyList<BrokerEndpoint> _endpoints = [];
    private bool _isStopping;

    /// <summary>Of this start; -1 before the cluster knows it.</summary>
    public long Epoch { get; private set; } = -1;

    public bool IsStopped { get; private set; }

    /// <summary>The cluster has let this start in. Before, clients wait: what this broker knows may be from before it went away, with
    /// addresses that are no more.</summary>
    public bool Serves => _serving.Task.IsCompleted;

    /// <summary>Completes when this broker serves.</summary>
    public Task ServingAsync() => _serving.Task;

    /// <summary>True while this broker may lead.</summary>
    public bool IsUnfenced => Epoch >= 0 && broker.Cluster.Brokers.TryGetValue(broker.Id, out var self) && self.Epoch == Epoch
        && !self.IsFenced;

    // async void: a failure that nobody expects ends the node.
    public async void Start(IReadOnlyList<BrokerEndpoint> endpoints)
    {
        (_endpoints, _incarnation) = (endpoints, broker.NewId());
        await RegisterAsync();
        broker.Replicas.Reconcile(broker.Cluster);
        await broker.Replicas.RemoveStrayAsync();
        await LiveAsync();
    }

    /// <summary>Others take over what this broker leads, as far as they can; then it is fenced.</summary>
    public async ValueTask StopAsync(TimeSpan patience)
    {
        _isStopping = true;
        if (IsUnfenced && HasMajority)
        {
            await broker.ProposeAsync(new ChangeBroker(broker.Id, Epoch, BrokerTransition.ShutDown), isRepeatable: true, patience);
            await broker.ProposeAsync(new ChangeBroker(broker.Id, Epoch, BrokerTransition.Fence), isRepeatable: true, patience);
        }
        IsStopped = true;
        foreach (var link in _links.Values)
            link.Close();
    }

    // Brokers that have stopped vote no more: the last ones of a cluster have nobody to agree with.
    private bool HasMajority =>
        broker.Cluster.Brokers.Count(b => b.Key <= KafkaNode.VotersMax && !b.Value.IsFenced) * 2 > Math.Min(broker.Options.Nodes,
            KafkaNode.VotersMax);

    private async ValueTask RegisterAsync()
    {
        while (!_isStopping)
        {
            // The disk is this start's alone, so an earlier one is over; the cluster need not wait for its session to end.
            if (broker.Cluster.Brokers.TryGetValue(broker.Id, out var before) && !before.IsFenced && before.IncarnationId != _incarnation)
                await broker.ProposeAsync(new ChangeBroker(broker.Id, before.Epoch, BrokerTransition.Fence), isRepeatable: true);
            var result = await broker.ProposeAsync(
                new RegisterBroker(broker.Id, _incarnation, broker.Rack, _endpoints), isRepeatable: true);
            if (result is NumberResult number)
            {
                Epoch = number.Value;
                return;
            }
            await Task.Delay(Retry, broker.Context.Clock);
        }
    }

    private async ValueTask LiveAsync()
    {
        while (!_isStopping)
        {
            if (!IsUnfenced)
                await broker.ProposeAsync(new ChangeBroker(broker.Id, Epoch, BrokerTransition.Unfence), isRepeatable: true);
            if (IsUnfenced && !Serves)
                Serve();
            var isHeard = await HeartbeatAsync();
            await Task.Delay(isHeard ? TimeSpan.FromMilliseconds(broker.Options.BrokerHeartbeatIntervalMs) : Retry, broker.Context.Clock);
        }
    }

    private void Serve()
    {
        _serving.SetResult();
        foreach (var client in broker.Connections)
            client.Transport.ResumeInput();
    }

    // False: nobody who leads the metadata heard it.
    private async ValueTask<bool> HeartbeatAsync()
    {
        var leader = (int)broker.Raft.Leader;
        if (leader == broker.Id)
            return broker.Controller.Heard(broker.Id, Epoch) == KafkaError.None;
        if (leader == 0)
            return false;
        if (!_links.TryGetValue(leader, out var link))
            _links.Add(leader, link = broker.LinkTo(leader, $"broker-{broker.Id}-heartbeat"));
        try
        {
            var response = await link.CallAsync<BrokerHeartbeatRequest, BrokerHeartbeatResponse>(
                new() { BrokerId = broker.Id, BrokerEpoch = Epoch, CurrentMetadataOffset = broker.Metadata.AppliedIndex },
                HeartbeatVersion, TimeSpan.FromMilliseconds(broker.Options.BrokerHeartbeatIntervalMs));
            return response.ErrorCode == 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
