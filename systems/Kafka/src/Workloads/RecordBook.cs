using Microcosm.Simulation;

namespace Microcosm.Kafka;

/// <summary>What producers were promised and readers were shown, and what must be true of it.</summary>
internal sealed class RecordBook
{
    private readonly SortedDictionary<(int Partition, long Offset), string> _acknowledged = [];
    private readonly SortedDictionary<(int Partition, long Offset), string> _seen = [];
    private readonly HashSet<(int Partition, string Value)> _sent = [];

    public int AcknowledgedCount => _acknowledged.Count;

    public int SeenCount => _seen.Count;

    public void Sent(int partition, IEnumerable<string> values) => _sent.UnionWith(values.Select(v => (partition, v)));

    public void Acknowledged(int partition, long offset, IReadOnlyList<string> values)
    {
        for (var i = 0; i < values.Count; i++)
            Note(_acknowledged, partition, offset + i, values[i], "acknowledged");
    }

    /// <summary>A reader was shown a record; it is committed.</summary>
    public void Seen(int partition, long offset, string value) => Note(_seen, partition, offset, value, "shown");

    /// <summary>True if nothing that was acknowledged or shown lies at or behind a position.</summary>
    public bool IsCovered(int partition, long position) =>
        !_acknowledged.Keys.Concat(_seen.Keys).Any(k => k.Partition == partition && k.Offset >= position);

    /// <summary>Compares with the log as it is at the end.</summary>
    public void Check(int partition, IReadOnlyDictionary<long, string> log)
    {
        foreach (var (what, notes) in new[] { ("acknowledged", _acknowledged), ("shown to a reader", _seen) })
        {
            foreach (var ((_, offset), value) in notes.Where(n => n.Key.Partition == partition))
            {
                if (!log.TryGetValue(offset, out var there))
                    throw new CheckFailedException("lost", $"'{value}' at offset {offset} of partition {partition} was {what} and is gone");
                if (there != value)
                    throw new CheckFailedException("replaced",
                        $"'{value}' at offset {offset} of partition {partition} was {what}, and now it is '{there}'");
            }
        }
        var last = new Dictionary<string, int>();
        foreach (var (offset, value) in log.OrderBy(r => r.Key))
        {
            if (!_sent.Contains((partition, value)))
                throw new CheckFailedException("invented", $"nobody sent '{value}' at offset {offset} of partition {partition}");
            var (producer, number) = (value[..value.IndexOf('.')], int.Parse(value[(value.LastIndexOf('.') + 1)..]));
            if (last.TryGetValue(producer, out var before) && number <= before)
            {
                throw new CheckFailedException(number == before ? "duplicate" : "reordered",
                    $"'{value}' at offset {offset} of partition {partition} comes after number {before} of the same producer");
            }
            last[producer] = number;
        }
    }

    private static void Note(
        SortedDictionary<(int Partition, long Offset), string> notes, int partition, long offset, string value, string what)
    {
        if (notes.TryGetValue((partition, offset), out var before) && before != value)
            throw new CheckFailedException("replaced",
                $"offset {offset} of partition {partition} was {what} as '{before}', then as '{value}'");
        notes[(partition, offset)] = value;
    }
}
