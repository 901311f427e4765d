namespace Microcosm.Redis;

/// <summary>Right before all members of a score, or right behind them.</summary>
internal readonly struct ScoreBound(double score, bool behind) : IScoreBound
{
    public bool IsBefore(double other, byte[] item) => behind ? other <= score : other < score;

    public bool IsBefore(double other, scoped ReadOnlySpan<byte> member) => behind ? other <= score : other < score;
}
