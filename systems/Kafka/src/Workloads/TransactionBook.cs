using System.Globalization;
using Microcosm.Simulation;

namespace Microcosm.Kafka;

/// <summary>
/// The transactions that copiers began and how each must have ended. A copy says all that is to be known of it: number of its transaction,
/// how many copies that has, partition and offset of what it copies, and its value.
/// </summary>
internal sealed class TransactionBook
{
    private readonly SortedDictionary<int, Entry> _transactions = [];

    /// <summary>A transaction that copies these records of a partition; their copies in order.</summary>
    public (int Transaction, string[] Copies) Begin(int partition, IReadOnlyList<(long Offset, string Value)> inputs)
    {
        var number = _transactions.Count + 1;
        _transactions.Add(number, new Entry(inputs.Count));
        return (number, [.. inputs.Select(i => string.Create(
            CultureInfo.InvariantCulture, $"{number}/{inputs.Count}/{partition}/{i.Offset}/{i.Value}"))]);
    }

    /// <summary>Its commit is asked for: from now on it may be seen.</summary>
    public void Committing(int transaction) => _transactions[transaction].Outcome = Outcome.Unknown;

    /// <summary>The coordinator said that it is committed.</summary>
    public void Committed(int transaction) => _transactions[transaction].Outcome = Outcome.Committed;

    /// <summary>A read_committed reader was shown a copy.</summary>
    public void Seen(int partition, long offset, string copy)
    {
        var (transaction, count, _, _, _) = Parse(copy);
        var entry = _transactions[transaction];
        if (entry.Outcome == Outcome.Never)
            throw new CheckFailedException("aborted",
                $"'{copy}' at offset {offset} of partition {partition} was shown, and nobody asked to commit it");
        // Seen in part is to be seen whole in the end.
        entry.Outcome = Outcome.Committed;
        entry.Seen.Add((partition, offset, copy));
    }

    /// <summary>True if all that is known to be committed is there.</summary>
    public bool IsCovered(IReadOnlyDictionary<(int Partition, long Offset), string> log)
    {
        var counts = log.Values.CountBy(c => Parse(c).Transaction).ToDictionary();
        return _transactions.All(t => t.Value.Outcome != Outcome.Committed || counts.GetValueOrDefault(t.Key) >= t.Value.Count);
    }

    /// <summary>Compares with what a read_committed reader is shown in the end, when all input was copied.</summary>
    public void Check(
        IReadOnlyDictionary<(int Partition, long Offset), string> log, IReadOnlyDictionary<(int Partition, long Offset), string> inputs)
    {
        var copied = new SortedDictionary<(int Partition, long Offset), string>();
        foreach (var (at, copy) in log.OrderBy(c => c.Key))
        {
            Seen(at.Partition, at.Offset, copy);
            var (_, _, partition, offset, value) = Parse(copy);
            if (!copied.TryAdd((partition, offset), copy))
                throw new CheckFailedException("twice",
                    $"offset {offset} of input {partition} was copied as '{copied[(partition, offset)]}' and '{copy}'");
            if (inputs.GetValueOrDefault((partition, offset)) != value)
                throw new CheckFailedException("invented",
                    $"'{copy}' is no copy: the input has '{inputs.GetValueOrDefault((partition, offset))}'");
        }
        var counts = log.Values.CountBy(c => Parse(c).Transaction).ToDictionary();
        foreach (var (number, entry) in _transactions.Where(t => t.Value.Outcome == Outcome.Committed))
        {
            if (counts.GetValueOrDefault(number) != entry.Count)
                throw new CheckFailedException("torn",
                    $"of transaction {number}, which was committed, {counts.GetValueOrDefault(number)} of {entry.Count} are there");
            if (entry.Seen.FirstOrDefault(s => log.GetValueOrDefault((s.Partition, s.Offset)) != s.Copy) is { Copy: not null } lost)
                throw new CheckFailedException("lost",
                    $"'{lost.Copy}' was shown at offset {lost.Offset} of partition {lost.Partition} and is gone");
        }
        foreach (var (at, value) in inputs.Where(i => !copied.ContainsKey(i.Key)))
            throw new CheckFailedException("skipped",
                $"'{value}' at offset {at.Offset} of input {at.Partition} was never copied, and the group is past it");
    }

    private static (int Transaction, int Count, int Partition, long Offset, string Value) Parse(string copy)
    {
        var parts = copy.Split('/');
        return (Number(parts[0]), Number(parts[1]), Number(parts[2]), long.Parse(parts[3], CultureInfo.InvariantCulture), parts[4]);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private enum Outcome
    {
        /// <summary>Nobody asked to commit it: it must not be seen.</summary>
        Never,

        Unknown,
        Committed,
    }

    private sealed class Entry(int count)
    {
        public int Count { get; } = count;

        public Outcome Outcome { get; set; }

        public HashSet<(int Partition, long Offset, string Copy)> Seen { get; } = [];
    }
}
