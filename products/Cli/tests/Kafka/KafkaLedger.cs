using System.Globalization;
using Confluent.Kafka;

namespace Microcosm.Cli.Tests;

/// <summary>
/// What a producer sent and was promised, partition by partition, and what readers were shown: numbers that go up by one with each record.
/// Thread-safe: clients call back on threads of their own.
/// </summary>
internal sealed class KafkaLedger(int partitions)
{
    private readonly Lock _gate = new();
    private readonly long[] _sent = new long[partitions];
    private readonly List<Dictionary<long, long>> _acknowledged =
        [.. Enumerable.Repeat(0, partitions).Select(_ => new Dictionary<long, long>())];
    private readonly List<Dictionary<long, long>> _seen = [.. Enumerable.Repeat(0, partitions).Select(_ => new Dictionary<long, long>())];

    /// <summary>Records acknowledged so far.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>What producers were told that failed, the last of it; null for nothing.</summary>
    public Error? Failure { get; private set; }

    /// <summary>The next record of a partition.</summary>
    public string Send(int partition)
    {
        lock (_gate)
            return (++_sent[partition]).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>What the client says became of a record.</summary>
    public void Delivered(DeliveryReport<Null, string> report)
    {
        lock (_gate)
        {
            if (report.Error.IsError)
            {
                Failure = report.Error;
                return;
            }
            Acknowledged++;
            _acknowledged[report.Partition].Add(Number(report.Value), report.Offset);
        }
    }

    /// <summary>A reader was shown a record.</summary>
    public void Seen(ConsumeResult<Ignore, string> read)
    {
        lock (_gate)
            _seen[read.Partition][read.Offset] = Number(read.Message.Value);
    }

    /// <summary>How many of those that are acknowledged a reader was not shown, who was shown these offsets.</summary>
    public long Unseen(IReadOnlyList<IReadOnlySet<long>> offsets)
    {
        lock (_gate)
            return Enumerable.Range(0, partitions).Sum(p => (long)_acknowledged[p].Values.Count(o => !offsets[p].Contains(o)));
    }

    /// <summary>Compares with the whole topic as it was read after everything in here happened: the records of each partition with their
    /// offsets, in the order in which they came.</summary>
    public KafkaVerdict Check(IReadOnlyList<IReadOnlyList<(long Offset, long Number)>> topic)
    {
        lock (_gate)
            return Enumerable.Range(0, partitions).Select(p => Check(p, topic[p])).Aggregate((a, b) => a + b);
    }

    private KafkaVerdict Check(int partition, IReadOnlyList<(long Offset, long Number)> records)
    {
        var at = records.ToLookup(r => r.Number, r => r.Offset);
        var byOffset = records.ToDictionary(r => r.Offset, r => r.Number);
        return new KafkaVerdict
        {
            // Where it was promised to be, or shown; elsewhere it is lost.
            Lost = _acknowledged[partition].Count(a => !at[a.Key].Contains(a.Value))
                + _seen[partition].Count(s => !byOffset.TryGetValue(s.Key, out var there) || there != s.Value),
            Duplicated = at.Count(numbers => numbers.Count() > 1),
            Reordered = records.Zip(records.Skip(1)).Count(pair => pair.Second.Number < pair.First.Number),
            Invented = records.Count(r => r.Number < 1 || r.Number > _sent[partition]),
        };
    }

    public static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
