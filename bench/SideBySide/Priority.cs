using System.Diagnostics;

namespace Microcosm.SideBySide;

/// <summary>
/// Starts what is measured. Real-time scheduling, for the servers and the load alike, keeps whatever else the machine does off their cores:
/// without it a neighbour's burst falls on one server of a round and not on the other.
/// </summary>
internal static class Priority
{
    /// <summary>Whether what is started runs under SCHED_FIFO; needs root and chrt.</summary>
    public static bool IsRealtime { get; set; }

    /// <summary>Starts a program, its output redirected.</summary>
    public static Process Start(string file, IEnumerable<string> arguments, string folder)
    {
        string[] realtime = IsRealtime ? ["chrt", "--fifo", "10"] : [];
        string[] line = [.. realtime, file, .. arguments];
        return Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, WorkingDirectory = folder })!;
    }
}
