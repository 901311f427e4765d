namespace Microcosm.SideBySide;

/// <summary>What one run of a load came to.</summary>
/// <param name="Operations">How many were done; 0 where the load was at a given rate.</param>
internal readonly record struct Outcome(double Operations)
{
    /// <summary>Where the load's own program tells it; NaN where the meter does.</summary>
    public double PerSecond { get; init; } = double.NaN;

    /// <summary>Half of them took no longer; NaN where it is not known.</summary>
    public double MedianMs { get; init; } = double.NaN;

    /// <summary>99 of 100 took no longer; NaN where it is not known.</summary>
    public double P99Ms { get; init; } = double.NaN;

    /// <summary>How many were refused, or answered wrongly.</summary>
    public long Failed { get; init; }

    /// <summary>With the percentiles of latencies.</summary>
    public static Outcome Of(double operations, IEnumerable<double> latenciesMs)
    {
        var sorted = latenciesMs.Order().ToArray();
        return new Outcome(operations) { MedianMs = Figures.Percentile(sorted, 50), P99Ms = Figures.Percentile(sorted, 99) };
    }
}
