using System.Diagnostics;

namespace Microcosm.SideBySide;

/// <summary>Time, and processors' time of a server and of this process, while a load runs.</summary>
internal sealed class Meter(Server server)
{
    private long _began;
    private double _server;
    private double _own;
    private bool _runs;

    public double Seconds { get; private set; }

    /// <summary>NaN where the server has no process of its own.</summary>
    public double ServerCpuSeconds { get; private set; }

    public double OwnCpuSeconds { get; private set; }

    private static double Own => Environment.CpuUsage.TotalTime.TotalSeconds;

    /// <summary>Begins, or begins anew: what was before does not count.</summary>
    public void Begin() => (_own, _server, _began, _runs) = (Own, server.CpuSeconds, Stopwatch.GetTimestamp(), true);

    /// <summary>Ends, if it has not ended yet.</summary>
    public void End()
    {
        if (!_runs)
            return;
        Seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        (ServerCpuSeconds, OwnCpuSeconds, _runs) = (server.CpuSeconds - _server, Own - _own, false);
    }
}
