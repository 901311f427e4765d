namespace Microcosm.Runtime;

/// <summary>The last lines of a node's log, for <c>cosm logs</c> and the console. Thread-safe.</summary>
public sealed class NodeLog(string node, TimeProvider clock) : INodeLog
{
    private const int LinesMax = 1000;

    private readonly Lock _gate = new();
    private readonly Queue<NodeLogLine> _lines = new();

    /// <inheritdoc/>
    public void Write(LogSeverity severity, string message)
    {
        var line = new NodeLogLine(clock.GetUtcNow(), node, severity, message);
        lock (_gate)
        {
            if (_lines.Count == LinesMax)
                _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    /// <summary>The lines that are kept, oldest first.</summary>
    public IReadOnlyList<NodeLogLine> Lines
    {
        get
        {
            lock (_gate)
                return [.. _lines];
        }
    }
}
