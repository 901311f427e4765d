namespace Microcosm.Simulation;

/// <summary>
/// What an object does when it is used by one client at a time: the sequential specification that a concurrent history is judged by
/// (Herlihy and Wing, TOPLAS 1990). States are immutable values.
/// </summary>
public interface IModel<TState, TInput, TOutput>
{
    /// <summary>The state before the first operation.</summary>
    TState Initial { get; }

    /// <summary>
    /// True if <paramref name="operation"/> may take effect in <paramref name="state"/> with the output it has, and the state after it.
    /// Without output (<see cref="HistoryOperation{TInput,TOutput}.HasOutput"/> is false) any output is right.
    /// </summary>
    bool Step(TState state, HistoryOperation<TInput, TOutput> operation, out TState next);

    /// <summary>True if no operation can ever tell the two states apart.</summary>
    bool Equals(TState left, TState right);

    /// <summary>Agrees with <see cref="Equals(TState, TState)"/>.</summary>
    int Hash(TState state);

    /// <summary>The part of the object that an operation touches. Parts are checked each on its own: linearizability is local.</summary>
    string KeyOf(TInput input) => "";

    /// <summary>
    /// True if <paramref name="operation"/>, with the output it has, leaves every state as it is: a read, a failed swap. The search takes
    /// such operations as soon as it can and never doubts it.
    /// </summary>
    bool OnlyObserves(HistoryOperation<TInput, TOutput> operation) => false;

    /// <summary>For people: <c>write(3)</c>, <c>read() → 3</c>, <c>cas(3, 4) → ?</c>.</summary>
    string Describe(HistoryOperation<TInput, TOutput> operation);

    /// <summary>For people.</summary>
    string DescribeState(TState state);
}
