namespace Microcosm.Storage;

/// <summary>
/// What a log was told since it was last opened, and how much of that it acknowledged. Whatever crashed, it must then be as it was after
/// some change, none before the last acknowledged.
/// </summary>
internal sealed class LogModel
{
    private readonly List<LogChange> _changes = [];
    private LogContent _opened = new();
    private int _acknowledged;

    /// <summary>What the log should show now.</summary>
    public LogContent Now { get; private set; } = new();

    /// <summary>Changes so far: what a commit that begins now is for.</summary>
    public int Count => _changes.Count;

    /// <summary>Changes acknowledged in the whole life of the log.</summary>
    public int AcknowledgedEver { get; private set; }

    /// <summary>The log's own claim of what is durable.</summary>
    public long DurableNext { get; set; }

    public void Apply(LogChange change)
    {
        _changes.Add(change);
        Now.Apply(change);
    }

    /// <summary>The first <paramref name="count"/> changes are durable, says the log.</summary>
    public void Acknowledge(int count)
    {
        AcknowledgedEver += Math.Max(0, count - _acknowledged);
        _acknowledged = Math.Max(_acknowledged, count);
    }

    /// <summary>Holds a log that was opened again against this, and goes on from it. Says what is wrong, or null.</summary>
    public string? Reopened(LogContent found)
    {
        var fault = FaultOf(found);
        (_opened, Now, DurableNext) = (found.Clone(), found, found.Next);
        _changes.Clear();
        _acknowledged = 0;
        return fault;
    }

    private string? FaultOf(LogContent found)
    {
        if (found.Next < DurableNext)
            return $"it ends before {found.Next}, and said that everything before {DurableNext} is durable: {found}";
        var content = _opened.Clone();
        var isExplained = false;
        SortedSet<long> firsts = [];
        for (var i = 0; i <= _changes.Count; i++)
        {
            if (i >= _acknowledged)
            {
                firsts.Add(content.First);
                isExplained |= content.Explains(found)
                    || (i < _changes.Count && _changes[i].CutFrom >= 0 && content.ExplainsInCut(found, _changes[i].CutFrom));
            }
            if (i < _changes.Count)
                content.Apply(_changes[i]);
        }
        if (!firsts.Contains(found.First))
            return $"it begins at {found.First}, not at any of {string.Join(", ", firsts)}";
        return isExplained ? null : $"of {_changes.Count} changes, {_acknowledged} acknowledged, none leads to {found}\nbut to {content}";
    }
}
