using Confluent.Kafka;

namespace Microcosm.Cli.Tests;

/// <summary>Reads the topic from its beginning and goes on reading: alone, or as the member of a group that commits as it goes.</summary>
internal sealed class KafkaReader : IDisposable
{
    private const int CommitEvery = 200;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(100);

    private readonly KafkaLedger _ledger;
    private readonly KafkaProgress _progress;
    private readonly IConsumer<Ignore, string> _consumer;
    private readonly bool _isMember;
    private readonly Task _reading;
    private volatile bool _isStopping;

    /// <param name="progress">What this reader, or the one before it, was shown and has committed.</param>
    public KafkaReader(string brokers, KafkaLedger ledger, KafkaProgress progress, string? group)
    {
        (_ledger, _progress, _isMember) = (ledger, progress, group is not null);
        _consumer = KafkaClients.Consumer(brokers, group ?? "alone", _isMember ? AutoOffsetReset.Earliest : AutoOffsetReset.Error);
        if (_isMember)
            _consumer.Subscribe(KafkaClients.Topic);
        else
            _consumer.Assign(KafkaClients.Beginning());
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
        var uncommitted = 0;
        while (!_isStopping)
        {
            if (TryRead() is not { IsPartitionEOF: false } read)
                continue;
            _ledger.Seen(read);
            _progress.Seen(read);
            if (_isMember && ++uncommitted % CommitEvery == 0)
                TryCommit();
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

    private void TryCommit()
    {
        try
        {
            foreach (var committed in _consumer.Commit())
                _progress.Committed(committed);
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
        }
    }
}
