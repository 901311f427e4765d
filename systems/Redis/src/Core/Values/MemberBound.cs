namespace Microcosm.Redis;

/// <summary>Right before a member with its score, or right behind it.</summary>
internal readonly ref struct MemberBound(double score, ReadOnlySpan<byte> member, bool behind = false) : IScoreBound
{
    private readonly ReadOnlySpan<byte> _member = member;

    public bool IsBefore(double other, byte[] item) => IsBefore(other, SortedSetItem.KeyOf(item));

    public bool IsBefore(double other, scoped ReadOnlySpan<byte> member) =>
        other < score || (other == score && member.SequenceCompareTo(_member) < (behind ? 1 : 0));
}
