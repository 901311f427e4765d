namespace Microcosm.Runtime;

/// <summary>How much a log line matters.</summary>
public enum LogSeverity
{
    Debug,
    Info,
    Warning,
    Error,
}
