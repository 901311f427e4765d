using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// What the leader of the metadata's quorum does beside: it fences brokers that are silent for a session, or whose connection broke and
/// who do not come again soon, and has preferred leaders elected. Invariants: who began to lead gives everybody a whole session who can
/// be reached; silence is counted only in time that this broker saw pass, for others could not speak either while it was paused or the
/// world's clock jumped.
/// </summary>
internal sealed class Controller(KafkaBroker broker)
{
    // A process that dies takes its connections with it; one that only lost a connection is back within this.
    private const long BackWithinMs = 1_000;

    private readonly int _tickMs = Math.Clamp(broker.Options.BrokerSessionTimeoutMs / 10, 10, 250);
    private readonly SortedDictionary<int, long> _silentAtMs = [];
    private long _seenMs;
    private long _tickedAtMs = broker.NowMs;
    private bool _isLeading;
    private ITimer? _timer;

    /// <summary>Who leads the metadata's quorum, as clients are told; this broker where nobody is known to.</summary>
    public int Id => broker.Raft.Leader is var leader && leader != 0 && broker.Cluster.Brokers.ContainsKey((int)leader) ? (int)leader
        : broker.Id;

    public void Start()
    {
        var often = TimeSpan.FromMilliseconds(_tickMs);
        _timer = broker.Context.Clock.CreateTimer(_ => Tick(), null, often, often);
        RestUntilBalance();
    }

    public async ValueTask StopAsync()
    {
        if (_timer is not null)
            await _timer.DisposeAsync();
    }

    /// <summary>A broker says that it lives. NotController: this broker does not lead the quorum.</summary>
    public KafkaError Heard(int id, long epoch)
    {
        if (!broker.Raft.IsLeader)
            return KafkaError.NotController;
        if (!broker.Cluster.Brokers.TryGetValue(id, out var registration))
            return KafkaError.BrokerIdNotRegistered;
        if (registration.Epoch != epoch)
            return KafkaError.StaleBrokerEpoch;
        _silentAtMs[id] = _seenMs + broker.Options.BrokerSessionTimeoutMs;
        return KafkaError.None;
    }

    /// <summary>The connection is gone over which a broker said so.</summary>
    public void Lost(int id, long epoch)
    {
        if (broker.Cluster.Brokers.TryGetValue(id, out var registration) && registration.Epoch == epoch
            && _silentAtMs.TryGetValue(id, out var at))
            _silentAtMs[id] = Math.Min(at, _seenMs + BackWithinMs);
    }

    private void RestUntilBalance() => broker.Deadlines.Add(
        broker.Options.Number("leader.imbalance.check.interval.seconds") * 1_000, Balance);

    // async void: what is not done is done the next time.
    private async void Balance()
    {
        RestUntilBalance();
        if (!broker.Raft.IsLeader || !broker.Options.Flag("auto.leader.rebalance.enable"))
            return;
        var percentage = (int)broker.Options.Number("leader.imbalance.per.broker.percentage");
        if (LeaderBalance.Imbalanced(broker.Cluster, percentage) is { Count: > 0 } partitions)
            await broker.ProposeAsync(new ElectLeaders(false, partitions));
    }

    private void Tick()
    {
        var nowMs = broker.NowMs;
        _seenMs += Math.Min(nowMs - _tickedAtMs, 2 * _tickMs);
        _tickedAtMs = nowMs;
        var wasLeading = _isLeading;
        _isLeading = broker.Raft.IsLeader;
        if (!_isLeading)
            return;
        if (!wasLeading)
            _silentAtMs.Clear();
        foreach (var (id, registration) in broker.Cluster.Brokers)
        {
            if (registration.IsFenced)
                continue;
            if (!_silentAtMs.TryGetValue(id, out var silentAtMs))
            {
                _silentAtMs[id] = _seenMs + broker.Options.BrokerSessionTimeoutMs;
                if (id != broker.Id)
                    Reach(id, registration.Epoch);
            }
            else if (_seenMs >= silentAtMs)
                Fence(id, registration.Epoch);
        }
    }

    // Who died with the controller before, lost no connection to this one. async void: nobody waits for it.
    private async void Reach(int id, long epoch)
    {
        var link = broker.LinkTo(id, $"controller-{broker.Id}");
        try
        {
            await link.CallAsync<ApiVersionsRequest, ApiVersionsResponse>(
                new(), 0, TimeSpan.FromMilliseconds(broker.Options.BrokerSessionTimeoutMs));
        }
        catch (IOException)
        {
            Lost(id, epoch);
        }
        link.Close();
    }

    // async void: not done, it is tried again with the next tick but a session later.
    private async void Fence(int id, long epoch)
    {
        _silentAtMs[id] = _seenMs + broker.Options.BrokerSessionTimeoutMs;
        broker.Context.Log.Write(LogSeverity.Info, $"Fencing broker {id} because its session has timed out.");
        await broker.ProposeAsync(new ChangeBroker(id, epoch, BrokerTransition.Fence), isRepeatable: true);
    }
}
