using System.Diagnostics;

namespace Microcosm.Coordination;

/// <summary>What a load showed.</summary>
internal sealed class LoadResult(List<long> latencies, TimeSpan elapsed, TimeSpan serverCpu, TimeSpan generatorCpu)
{
    private readonly long[] _sorted = [.. latencies.Order()];

    public double PerSecond => _sorted.Length / elapsed.TotalSeconds;

    public double ServerCpuUsEach => serverCpu.TotalMicroseconds / _sorted.Length;

    public double GeneratorCpuUsEach => generatorCpu.TotalMicroseconds / _sorted.Length;

    /// <summary>Of all latencies the one that so many of a hundred do not exceed, ms.</summary>
    public double Percentile(double percent) =>
        _sorted[(int)Math.Min(_sorted.Length - 1, _sorted.Length * percent / 100)] * 1000.0 / Stopwatch.Frequency;
}
