namespace Microcosm.SideBySide;

/// <summary>Keeps whatever else the machine does off the servers and the load: a neighbour's burst falls on one server and not on the
/// other.</summary>
internal static class Priority
{
    private const int Nice = -15;

    /// <summary>What a command line begins with that is to run under SCHED_FIFO. Not for everybody: a real etcd can spin for ever under
    /// it, its own threads not let in.</summary>
    public static IReadOnlyList<string> Realtime { get; } = ["chrt", "--fifo", "10"];

    /// <summary>Takes it for this process and what it starts from now on. Throws <see cref="IOException"/> where that is not
    /// allowed.</summary>
    public static void Take()
    {
        // A new thread has that of the one that starts it, so all that there are.
        var threads = Directory.GetDirectories("/proc/self/task").Select(t => Path.GetFileName(t));
        Tool.Run(["renice", "-n", $"{Nice}", "-p", .. threads]);
    }
}
