namespace Microcosm.Runtime;

/// <summary>
/// Declares one protocol operation at the method that carries it out. Each system derives its own attribute with what its protocol
/// publishes of an operation (arity and flags of a Redis command, key and versions of a Kafka API). The source generator reads these
/// at compile time and makes dispatch, discovery, <c>contract.txt</c> and the names of metrics, traces and faults from them.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public abstract class OperationAttribute(string name) : Attribute
{
    /// <summary>Name as the protocol spells it: <c>SET</c>, <c>CONFIG|GET</c>, <c>Produce</c>.</summary>
    public string Name { get; } = name;

    /// <summary>How much of it is there.</summary>
    public OperationStatus Status { get; init; } = OperationStatus.Full;

    /// <summary>What a partial or refused operation lacks, or how it differs from the peer; stands in contract.txt.</summary>
    public string? Deviation { get; init; }
}
