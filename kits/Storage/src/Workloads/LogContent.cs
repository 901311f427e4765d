namespace Microcosm.Storage;

/// <summary>What a log holds: the simplest log there is.</summary>
internal sealed class LogContent
{
    private readonly SortedDictionary<long, string> _records = [];

    public long First { get; private set; } = 1;

    public long Next { get; private set; } = 1;

    public string this[long sequence] => _records[sequence];

    public static LogContent Of(SegmentedLog log)
    {
        var content = new LogContent { First = log.First, Next = log.First };
        using var reader = log.ReadFrom(log.First);
        while (reader.TryRead(out var record))
            content._records[content.Next++] = System.Text.Encoding.UTF8.GetString(record);
        return content;
    }

    public LogContent Clone()
    {
        var clone = new LogContent { First = First, Next = Next };
        foreach (var (sequence, value) in _records)
            clone._records[sequence] = value;
        return clone;
    }

    public void Apply(LogChange change)
    {
        if (change.Value is not null)
            _records[Next++] = change.Value;
        else if (change.CutFrom >= 0)
            Cut(change.CutFrom);
        else if (change.First > Next)
            (First, Next) = (change.First, Begin(change.First));
        else
            First = Math.Max(First, change.First);
    }

    /// <summary>True if this is what <paramref name="found"/> shows, from where that begins.</summary>
    public bool Explains(LogContent found) => found.Next == Next && IsPrefix(found);

    /// <summary>True if a cut of this content, whose commit was cut short, may have left <paramref name="found"/>.</summary>
    public bool ExplainsInCut(LogContent found, long from) => found.Next > from && found.Next < Next && IsPrefix(found);

    /// <summary>The same records, from the same number on.</summary>
    public bool IsSame(LogContent other) => other.First == First && Explains(other);

    public override string ToString() => $"[{First}, {Next}) {string.Join(' ', _records.Where(r => r.Key >= First)
        .Select(r => $"{r.Key}:{r.Value.Split('-')[0]}"))}";

    private bool IsPrefix(LogContent found)
    {
        for (var i = found.First; i < found.Next; i++)
        {
            if (!_records.TryGetValue(i, out var value) || value != found._records[i])
                return false;
        }
        return true;
    }

    private void Cut(long from)
    {
        for (var i = from; i < Next; i++)
            _records.Remove(i);
        Next = from;
    }

    private long Begin(long at)
    {
        _records.Clear();
        return at;
    }
}
