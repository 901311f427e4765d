namespace Microcosm.Runtime;

/// <summary>
/// A moment at which something is over that has not happened until then. It is set, moved and cleared for each message at the price of a
/// field: see <see cref="Deadlines"/>.
/// </summary>
public abstract class Deadline
{
    internal const long Never = long.MaxValue;

    /// <summary>When it expires, on the clock of its <see cref="Deadlines"/>; <see cref="Never"/> while it is not set.</summary>
    internal long DueMs { get; set; } = Never;

    /// <summary>Where it stands in the heap by; not after <see cref="DueMs"/>.</summary>
    internal long QueuedMs { get; set; }

    /// <summary>Its place in the heap, -1 outside.</summary>
    internal int Place { get; set; } = -1;

    /// <summary>True while it runs.</summary>
    public bool IsSet => DueMs != Never;

    /// <summary>Called once it is due, on the executor; it is not set any more.</summary>
    protected internal abstract void Expired();
}
