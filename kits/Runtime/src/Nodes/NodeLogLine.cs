namespace Microcosm.Runtime;

/// <summary>One line of a node's log.</summary>
public sealed record NodeLogLine(DateTimeOffset At, string Node, LogSeverity Severity, string Message);
