using System.Threading.Channels;
using Confluent.Kafka;

namespace Microcosm.Cli.Tests;

/// <summary>
/// Clients that use a cluster while it is killed under them: a producer, a reader by itself and one in a group. What they are promised
/// outlives them: <see cref="Connect"/> gives them up and makes new ones. Who tells it what to do is one.
/// </summary>
internal sealed class KafkaLoad(Random random) : IDisposable
{
    private const string Group = "readers";

    // Enough that a kill meets some, and so few that to read them all takes no longer than the kills.
    private const int UnderWayMax = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly KafkaProgress _alone = new();
    private readonly KafkaProgress _member = new();
    private readonly Channel<bool> _moved =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private string _brokers = "";
    private IProducer<Null, string>? _producer;
    private KafkaReader[] _readers = [];
    private CancellationTokenSource _stop = new();
    private Task _producing = Task.CompletedTask;
    private volatile bool _isGivenUp;

    public KafkaLedger Ledger { get; } = new(KafkaClients.Partitions);

    /// <summary>New clients, in the place of those before.</summary>
    public void Connect(string brokers)
    {
        Dispose();
        (_brokers, _isGivenUp) = (brokers, false);
        _producer = KafkaClients.Producer(brokers);
        _readers = [new KafkaReader(brokers, Ledger, _alone, null, Moved), new KafkaReader(brokers, Ledger, _member, Group, Moved)];
    }

    /// <summary>Gives the clients up. Records that are under way may be written or not.</summary>
    public void Dispose()
    {
        _isGivenUp = true;
        _stop.Cancel();
        ((IAsyncResult)_producing).AsyncWaitHandle.WaitOne();
        foreach (var reader in _readers)
            reader.Dispose();
        _producer?.Dispose();
        (_producer, _readers) = (null, []);
    }

    /// <summary>Produces, after a check or a new connection.</summary>
    public void Resume()
    {
        _stop = new CancellationTokenSource();
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
        await _stop.CancelAsync();
        await _producing;
        _producer!.Flush(Patience);
        await UntilAsync(() => _alone.Covers(Ledger), "everything to be read");
        await UntilAsync(() => _member.Covers(Ledger), "everything to be read in the group");
        var verdict = Ledger.Check(KafkaClients.ReadAll(_brokers));
        using var other = KafkaClients.Consumer(_brokers, Group);
        var committed = other.Committed(KafkaClients.Beginning().Select(b => b.TopicPartition), Patience);
        return verdict with { Lost = verdict.Lost + _member.Lost(committed) };
    }

    private void Moved() => _moved.Writer.TryWrite(true);

    private async Task UntilAsync(Func<bool> holds, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            if (Ledger.Failure is { } failure)
                throw new KafkaException(failure);
            foreach (var reader in _readers)
                reader.CheckRuns();
            try
            {
                await _moved.Reader.ReadAsync(patience.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"waited for {what}, {Ledger.Acknowledged} are acknowledged", e);
            }
        }
    }

    private void Produce()
    {
        var (producer, stop) = (_producer!, _stop.Token);
        var free = new SemaphoreSlim(UnderWayMax);
        try
        {
            while (true)
            {
                free.Wait(stop);
                var partition = random.Next(KafkaClients.Partitions);
                producer.Produce(new TopicPartition(KafkaClients.Topic, partition), new() { Value = Ledger.Send(partition) }, report =>
                {
                    // Those that were given up with their producer are nobody's.
                    if (!_isGivenUp || !report.Error.IsError)
                        Ledger.Delivered(report);
                    free.Release();
                    Moved();
                });
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
