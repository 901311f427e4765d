using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>
/// Holds what clients wrote to an append-only log or set against what is found in it later: acknowledged writes must be there, once,
/// in an order that agrees with real time; nothing else but writes of unknown outcome may be there. Values are unique in a run.
/// </summary>
/// <param name="now">World time, for explanations; without it the order of events stands for milliseconds.</param>
public sealed class DurabilityChecker<T>(Func<TimeSpan>? now = null)
    where T : notnull
{
    private readonly Dictionary<T, Write> _writes = [];
    private long _order;

    /// <summary>Number of writes acknowledged so far: zero after a run means that the run proves nothing.</summary>
    public int AcknowledgedCount { get; private set; }

    /// <summary>A client sets out to write <paramref name="value"/>; again for the same value if it retries.</summary>
    public void Begin(T value)
    {
        if (!_writes.ContainsKey(value))
            _writes.Add(value, new Write(value) { Begun = ++_order, BegunAt = Now() });
    }

    /// <summary>The system promised to keep <paramref name="value"/>.</summary>
    public void Acknowledge(T value)
    {
        var write = _writes[value];
        Invariant.Check(!write.IsAcknowledged);
        write.Acknowledged = ++_order;
        write.AcknowledgedAt = Now();
        AcknowledgedCount++;
    }

    /// <summary>The system refused <paramref name="value"/> for good: it must not turn up.</summary>
    public void Refuse(T value) => _writes.Remove(value);

    /// <summary>Compares with <paramref name="found"/>, in the order of the log; with <paramref name="ordered"/> false, of a set.</summary>
    public IReadOnlyList<DurabilityViolation> Check(IEnumerable<T> found, bool ordered = true)
    {
        List<DurabilityViolation> violations = [];
        List<Write> present = [];
        var seen = new HashSet<T>();
        foreach (var value in found)
        {
            if (!_writes.TryGetValue(value, out var write))
                violations.Add(new(DurabilityViolationKind.Invented, $"{value} is there and nobody wrote it"));
            else if (!seen.Add(value))
                violations.Add(new(DurabilityViolationKind.Duplicated, $"{write} is there more than once"));
            else
                present.Add(write);
        }
        foreach (var write in _writes.Values)
        {
            if (write.IsAcknowledged && !seen.Contains(write.Value))
                violations.Add(new(DurabilityViolationKind.Lost, $"{write} is gone"));
        }
        if (ordered)
            AddReordered(present, violations);
        return violations;
    }

    /// <summary>Throws <see cref="CheckFailedException"/> of kind <c>durability.lost</c>, <c>durability.invented</c> … for the first
    /// violations.</summary>
    public void ThrowUnlessKept(IEnumerable<T> found, bool ordered = true)
    {
        var violations = Check(found, ordered);
        if (violations.Count == 0)
            return;
        var text = string.Join("\n  ", violations.Take(5).Select(v => $"{v.Kind}: {v.Explanation}"));
        var more = violations.Count > 5 ? $"\n  and {violations.Count - 5} more" : "";
        var kind = violations[0].Kind switch
        {
            DurabilityViolationKind.Lost => "durability.lost",
            DurabilityViolationKind.Invented => "durability.invented",
            DurabilityViolationKind.Duplicated => "durability.duplicated",
            _ => "durability.reordered",
        };
        throw new CheckFailedException(kind, $"of {AcknowledgedCount} acknowledged writes:\n  {text}{more}");
    }

    // Walking back from the end: a write is out of place if one that stands after it was acknowledged before it was begun.
    private static void AddReordered(List<Write> present, List<DurabilityViolation> violations)
    {
        Write? earliest = null;
        for (var i = present.Count - 1; i >= 0; i--)
        {
            if (earliest is not null && earliest.Acknowledged < present[i].Begun)
                violations.Add(new(DurabilityViolationKind.Reordered, $"{earliest} stands after {present[i]}"));
            if (present[i].IsAcknowledged && (earliest is null || present[i].Acknowledged < earliest.Acknowledged))
                earliest = present[i];
        }
    }

    private TimeSpan Now() => now?.Invoke() ?? TimeSpan.FromMilliseconds(_order);

    private sealed class Write(T value)
    {
        public T Value { get; } = value;
        public required long Begun { get; init; }
        public required TimeSpan BegunAt { get; init; }
        public long Acknowledged { get; set; } = long.MaxValue;
        public TimeSpan AcknowledgedAt { get; set; }
        public bool IsAcknowledged => Acknowledged != long.MaxValue;

        public override string ToString() => $"{Value} (begun {HistoryTime.Text(BegunAt)}, "
            + (IsAcknowledged ? $"acknowledged {HistoryTime.Text(AcknowledgedAt)})" : "never acknowledged)");
    }
}
