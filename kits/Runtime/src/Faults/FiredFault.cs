namespace Microcosm.Runtime;

/// <summary>A fault that fired: when, by which rule, where, and at which match of the rule.</summary>
public sealed record FiredFault(DateTimeOffset At, int RuleId, string Rule, string Node, long ConnectionId, string Operation, long Ordinal);
