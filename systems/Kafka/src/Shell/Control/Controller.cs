using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// What the leader of the metadata's quorum does beside: it fences brokers that are silent for a session, or whose connection broke and
/// who do not come again soon. Invariant: who began to lead gives everybody a whole session.
/// </summary>
internal sealed class Controller(KafkaBroker broker)
{
    // A process that dies takes its connections with it; one that only lost a connection is back within this.
    private const long BackWithinMs = 1_000;

    private readonly SortedDictionary<int, long> _silentAtMs = [];
    private bool _isLeading;
    private ITimer? _timer;

    /// <summary>Who leads the metadata's quorum, as clients are told; this broker where nobody is known to.</summary>
    public int Id => broker.Raft.Leader is var leader && leader != 0 && broker.Cluster.Brokers.ContainsKey((int)leader) ? (int)leader
        : broker.Id;

    public void Start()
    {
        var often = TimeSpan.FromMilliseconds(Math.Clamp(broker.Options.BrokerSessionTimeoutMs / 10, 10, 250));
        _timer = broker.Context.Clock.CreateTimer(_ => Tick(), null, often, often);
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
        _silentAtMs[id] = broker.NowMs + broker.Options.BrokerSessionTimeoutMs;
        return KafkaError.None;
    }

    /// <summary>The connection is gone over which a broker said so.</summary>
    public void Lost(int id, long epoch)
    {
        if (broker.Cluster.Brokers.TryGetValue(id, out var registration) && registration.Epoch == epoch
            && _silentAtMs.TryGetValue(id, out var at))
            _silentAtMs[id] = Math.Min(at, broker.NowMs + BackWithinMs);
    }

    private void Tick()
    {
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
                _silentAtMs[id] = broker.NowMs + broker.Options.BrokerSessionTimeoutMs;
            else if (broker.NowMs >= silentAtMs)
                Fence(id, registration.Epoch);
        }
    }

    // async void: not done, it is tried again with the next tick but a session later.
    private async void Fence(int id, long epoch)
    {
        _silentAtMs[id] = broker.NowMs + broker.Options.BrokerSessionTimeoutMs;
        broker.Context.Log.Write(LogSeverity.Info, $"Fencing broker {id} because its session has timed out.");
        await broker.ProposeAsync(new ChangeBroker(id, epoch, BrokerTransition.Fence), isRepeatable: true);
    }
}
