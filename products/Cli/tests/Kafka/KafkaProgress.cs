using Confluent.Kafka;

namespace Microcosm.Cli.Tests;

/// <summary>The offsets that a reader was shown, and the last that it was told are committed. Thread-safe.</summary>
internal sealed class KafkaProgress
{
    private readonly Lock _gate = new();
    private readonly HashSet<long>[] _seen = [.. Enumerable.Range(0, KafkaClients.Partitions).Select(_ => new HashSet<long>())];
    private readonly long[] _committed = new long[KafkaClients.Partitions];

    public void Seen(ConsumeResult<Ignore, string> read)
    {
        lock (_gate)
            _seen[read.Partition].Add(read.Offset);
    }

    public void Committed(CommittedOffsets told)
    {
        lock (_gate)
        {
            foreach (var at in told.Offsets.Where(o => !o.Error.IsError))
                _committed[at.Partition] = Math.Max(_committed[at.Partition], at.Offset);
        }
    }

    /// <summary>Whether everything was shown that is acknowledged.</summary>
    public bool Covers(KafkaLedger ledger)
    {
        lock (_gate)
            return ledger.Unseen(_seen) == 0;
    }

    /// <summary>How many commits are gone that were acknowledged, by what the group's coordinator says.</summary>
    public int Lost(IEnumerable<TopicPartitionOffset> there)
    {
        lock (_gate)
            return there.Count(t => t.Offset.Value < _committed[t.Partition]);
    }
}
