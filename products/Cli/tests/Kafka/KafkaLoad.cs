using Confluent.Kafka;

namespace Microcosm.Cli.Tests;

/// <summary>
/// Clients that use a cluster while it is killed under them: a producer, a reader by itself and one in a group. What they are promised
/// outlives them: <see cref="Connect"/> gives them up and makes new ones. Who tells it what to do is one.
/// </summary>
internal sealed class KafkaLoad(Random random) : IDisposable
{
    private const string Group = "readers";
    private const int UnderWayMax = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly KafkaProgress _alone = new();
    private readonly KafkaProgress _member = new();
    private string _brokers = "";
    private IProducer<Null, string>? _producer;
    private KafkaReader[] _readers = [];
    private Task _producing = Task.CompletedTask;
    private readonly ManualResetEventSlim _stop = new();
    private volatile bool _isGivenUp;
    private int _underWay;

    public KafkaLedger Ledger { get; } = new(KafkaClients.Partitions);

    public void Connect(string brokers)
    {
        Dispose();
        (_brokers, _isGivenUp, _underWay) = (brokers, false, 0);
        _producer = KafkaClients.Producer(brokers);
        _readers = [new KafkaReader(brokers, Ledger, _alone, null), new KafkaReader(brokers, Ledger, _member, Group)];
    }

    /// <summary>Gives the clients up. Records that are under way may be written or not.</summary>
    public void Dispose()
    {
        _isGivenUp = true;
        _stop.Set();
        _producing.GetAwaiter().GetResult();
        foreach (var reader in _readers)
            reader.Dispose();
        _producer?.Dispose();
        (_producer, _readers) = (null, []);
    }

    /// <summary>Produces, after a check or a new connection.</summary>
    public void Resume()
    {
        _stop.Reset();
        _producing = Task.Factory.StartNew(Produce, TaskCreationOptions.LongRunning);
    }

    /// <summary>Waits until so many more records are acknowledged.</summary>
    public Task MoreAsync(int count)
    {
        var until = Ledger.Acknowledged + count;
        return UntilAsync(() => Ledger.Acknowledged >= until, $"{count} more acknowledged records");
    }

    /// <summary>Stops producing, waits until the readers have everything that was acknowledged, and compares it with the topic and with
    /// what the group's coordinator says.</summary>
    public async Task<KafkaVerdict> CheckAsync()
    {
        _stop.Set();
        await _producing;
        _producer!.Flush(Patience);
        await UntilAsync(() => _alone.Covers(Ledger), "everything to be read");
        await UntilAsync(() => _member.Covers(Ledger), "everything to be read in the group");
        var verdict = Ledger.Check(KafkaClients.ReadAll(_brokers));
        using var other = KafkaClients.Consumer(_brokers, Group);
        var committed = other.Committed(KafkaClients.Beginning().Select(b => b.TopicPartition), Patience);
        return verdict with { Lost = verdict.Lost + _member.Lost(committed) };
    }

    private async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var waited = TimeSpan.Zero; !holds(); waited += Look)
        {
            if (Ledger.Failure is { } failure)
                throw new KafkaException(failure);
            foreach (var reader in _readers)
                reader.CheckRuns();
            if (waited > Patience)
                throw new TimeoutException($"waited for {what}, {Ledger.Acknowledged} are acknowledged");
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    private void Produce()
    {
        while (!_stop.IsSet)
        {
            if (Volatile.Read(ref _underWay) >= UnderWayMax)
            {
                _stop.Wait(1);
                continue;
            }
            var partition = random.Next(KafkaClients.Partitions);
            Interlocked.Increment(ref _underWay);
            _producer!.Produce(new TopicPartition(KafkaClients.Topic, partition), new() { Value = Ledger.Send(partition) }, report =>
            {
                Interlocked.Decrement(ref _underWay);
                // Those that were given up with their producer are nobody's.
                if (!_isGivenUp || !report.Error.IsError)
                    Ledger.Delivered(report);
            });
            // Fast enough that a kill meets some under way, and not so fast that to read all of it takes longer than the kills.
            if (random.Next(4) == 0)
                _stop.Wait(1);
        }
    }
}
