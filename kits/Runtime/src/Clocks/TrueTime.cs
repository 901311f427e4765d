namespace Microcosm.Runtime;

/// <summary>
/// Time as Spanner's TrueTime gives it: an interval that holds the true time if the clock keeps its error bound (OSDI'12, section 3).
/// </summary>
/// <param name="Earliest">The true time is not before this.</param>
/// <param name="Latest">The true time is not after this.</param>
public readonly record struct TrueTime(DateTimeOffset Earliest, DateTimeOffset Latest)
{
    /// <summary>The interval of a node's clock at this moment.</summary>
    public static TrueTime Now(NodeClock clock)
    {
        var now = clock.GetUtcNow();
        return new TrueTime(now - clock.ErrorBound, now + clock.ErrorBound);
    }
}
