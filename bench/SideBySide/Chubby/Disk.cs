using System.Diagnostics;
using System.Globalization;

namespace Microcosm.SideBySide.Chubby;

/// <summary>What an fsync takes here, since every write waits for some.</summary>
internal static class Disk
{
    private const int Syncs = 200;
    private const int WriteBytes = 512;

    /// <summary>Appends and syncs one file; tells the median and the 99th percentile.</summary>
    public static string Describe()
    {
        var path = Path.GetTempFileName();
        var times = new List<double>();
        using (var file = File.OpenHandle(path, FileMode.Truncate, FileAccess.Write))
        {
            var bytes = new byte[WriteBytes];
            for (var i = 0; i < Syncs; i++)
            {
                RandomAccess.Write(file, bytes, (long)i * WriteBytes);
                var began = Stopwatch.GetTimestamp();
                RandomAccess.FlushToDisk(file);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }
        File.Delete(path);
        times.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $"append and fsync: {times[Syncs / 2]:0.00} ms, 99 of 100 within {times[Syncs * 99 / 100]:0.0} ms");
    }
}
