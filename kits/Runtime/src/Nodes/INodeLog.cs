namespace Microcosm.Runtime;

/// <summary>A node's log. Never blocks and never throws.</summary>
public interface INodeLog
{
    void Write(LogSeverity severity, string message);
}
