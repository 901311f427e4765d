using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>The last lines of all nodes' logs in world time, for a failure's report.</summary>
internal sealed class SimulationLog(string node, Func<TimeSpan> now, Queue<string> lines) : INodeLog
{
    private const int LinesMax = 200;

    public void Write(LogSeverity severity, string message)
    {
        if (lines.Count == LinesMax)
            lines.Dequeue();
        lines.Enqueue($"{HistoryTime.Text(now())} {node} {severity}: {message}");
    }
}
