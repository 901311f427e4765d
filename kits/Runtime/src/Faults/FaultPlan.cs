namespace Microcosm.Runtime;

/// <summary>
/// What is to fail, at four depths. Decisions are a pure function of the seed, the node, the connection and the operation's ordinal,
/// so that the same plan and seed fail the same operations again. Rules may be added and cleared while the world runs.
/// </summary>
public sealed class FaultPlan
{
    /// <summary>True while any operation rule stands: the hot path asks only this.</summary>
    public bool HasOperationRules { get; private set; }

    /// <summary>Decides what happens to one operation, counts it and records a fault that fires.</summary>
    public OperationFault Decide(in OperationCall call) => default;
}
