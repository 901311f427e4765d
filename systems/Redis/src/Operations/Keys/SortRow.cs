namespace Microcosm.Redis;

/// <summary>An element with what it is sorted by; a missing weight sorts first as text and as 0 as a number.</summary>
internal readonly record struct SortRow(byte[] Element, byte[]? Weight, double Score)
{
    public static int Compare(SortRow a, SortRow b, bool alpha, bool hasWeights)
    {
        var order = 0;
        if (!alpha)
            order = a.Score.CompareTo(b.Score);
        else if (!hasWeights)
            order = a.Element.AsSpan().SequenceCompareTo(b.Element);
        else if (a.Weight is null || b.Weight is null)
            order = (a.Weight is null ? 0 : 1) - (b.Weight is null ? 0 : 1);
        else
            order = a.Weight.AsSpan().SequenceCompareTo(b.Weight);
        return order != 0 ? order : a.Element.AsSpan().SequenceCompareTo(b.Element);
    }
}
