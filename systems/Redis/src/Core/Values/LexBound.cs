namespace Microcosm.Redis;

/// <summary>Right before a member or right behind it, where all scores are equal. Without a member: before or behind everything.</summary>
internal readonly struct LexBound(byte[]? bound, bool behind) : IScoreBound
{
    public bool IsBefore(double other, byte[] item) => IsBefore(other, SortedSetItem.KeyOf(item));

    public bool IsBefore(double other, scoped ReadOnlySpan<byte> member)
    {
        if (bound is null)
            return behind;
        var order = member.SequenceCompareTo(bound);
        return behind ? order <= 0 : order < 0;
    }
}
