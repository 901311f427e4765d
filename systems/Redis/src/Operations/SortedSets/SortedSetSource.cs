namespace Microcosm.Redis;

/// <summary>An input of ZUNION and its kin: a sorted set, or a set whose members all have the score 1; or nothing.</summary>
internal sealed class SortedSetSource(RedisObject? value)
{
    private readonly SortedSetObject? _sorted = value as SortedSetObject;
    private readonly SetObject? _set = value as SetObject;

    public double Weight { get; set; } = 1;

    public int Count => value?.Count ?? 0;

    public bool IsSameAs(SortedSetSource other) => value is not null && ReferenceEquals(value, other.Value);

    private RedisObject? Value => value;

    /// <summary>The score of a member, times the weight.</summary>
    public bool TryGetScore(ReadOnlySpan<byte> member, out double score)
    {
        score = 1;
        var found = _sorted?.TryGetScore(member, out score) ?? _set?.Contains(member) ?? false;
        score = Weighted(score);
        return found;
    }

    /// <summary>Members with their weighted scores. The set must not change meanwhile.</summary>
    public IEnumerable<(byte[] Member, double Score)> Items()
    {
        for (var i = 0; i < (_set?.Count ?? 0); i++)
            yield return (_set!.At(i).ToArray(), Weighted(1));
        for (var place = _sorted?.Seek(0) ?? default; !place.IsNone; place = place.Next())
            yield return (place.Member.ToArray(), Weighted(place.Score));
    }

    // 0 times infinity counts as 0.
    private double Weighted(double score) => double.IsNaN(score * Weight) ? 0 : score * Weight;
}
