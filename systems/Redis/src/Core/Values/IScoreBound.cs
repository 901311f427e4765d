namespace Microcosm.Redis;

/// <summary>A place in the order of a sorted set: every item is before it or not.</summary>
internal interface IScoreBound
{
    /// <param name="score">The item's score.</param>
    /// <param name="item">A <see cref="SortedSetItem"/>.</param>
    bool IsBefore(double score, byte[] item);

    /// <summary>The same by member.</summary>
    bool IsBefore(double score, scoped ReadOnlySpan<byte> member);
}
