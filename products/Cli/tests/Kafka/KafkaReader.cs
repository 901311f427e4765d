using Confluent.Kafka;

namespace Microcosm.Cli.Tests;

/// <summary>Reads the topic from its beginning and goes on reading: alone, or as the member of a group that commits as it goes.</summary>
internal sealed class KafkaReader : IDisposable
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    private readonly KafkaLedger _ledger;
    private readonly KafkaProgress _progress;
    private readonly Action _moved;
    private readonly IConsumer<Ignore, string> _consumer;
    private readonly Task _reading;
    private volatile bool _isStopping;

    /// <param name="progress">What this reader, or the one before it, was shown and has committed.</param>
    /// <param name="moved">Told of every record, and of the end.</param>
    public KafkaReader(string brokers, KafkaLedger ledger, KafkaProgress progress, string? group, Action moved)
    {
        (_ledger, _progress, _moved) = (ledger, progress, moved);
        _consumer = group is null ? KafkaClients.Consumer(brokers, "alone") : KafkaClients.Member(brokers, group, progress.Committed);
        if (group is null)
            _consumer.Assign(KafkaClients.Beginning());
        else
            _consumer.Subscribe(KafkaClients.Topic);
        _reading = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
    }

    /// <summary>Ends it, without a word to the group.</summary>
    public void Dispose()
    {
        _isStopping = true;
        ((IAsyncResult)_reading).AsyncWaitHandle.WaitOne();
        _consumer.Dispose();
    }

    /// <summary>Throws what went wrong in it.</summary>
    public void CheckRuns()
    {
        if (_reading.IsFaulted)
            _reading.GetAwaiter().GetResult();
    }

    private void Read()
    {
        try
        {
            while (!_isStopping)
            {
                if (TryRead() is not { IsPartitionEOF: false } read)
                    continue;
                _ledger.Seen(read);
                _progress.Seen(read);
                _moved();
            }
        }
        finally
        {
            _moved();
        }
    }

    private ConsumeResult<Ignore, string>? TryRead()
    {
        try
        {
            return _consumer.Consume(Turn);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal && e.Error.Code != ErrorCode.Local_AutoOffsetReset
            && e.Error.Code != ErrorCode.OffsetOutOfRange)
        {
            // Brokers are being killed, which is what this is about.
            return null;
        }
    }
}
