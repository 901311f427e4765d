namespace Microcosm.Runtime;

/// <summary>One row of a generated operation table.</summary>
/// <param name="Index">Place in the table, dense from 0: index for per-operation counters.</param>
/// <param name="FullName">Name for metrics, traces and faults: <c>redis.SET</c>.</param>
/// <param name="Declaration">What the protocol publishes of it.</param>
/// <param name="Handler">What carries it out.</param>
public sealed record Operation<TDeclaration, THandler>(int Index, string FullName, TDeclaration Declaration, THandler Handler)
    where TDeclaration : OperationAttribute
    where THandler : Delegate;
