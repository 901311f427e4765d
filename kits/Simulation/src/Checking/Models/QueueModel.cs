using System.Collections.Immutable;

namespace Microcosm.Simulation;

/// <summary>First-in-first-out queues by key; taking from an empty one answers null.</summary>
public sealed class QueueModel : IModel<ImmutableList<string>, QueueInput, string?>
{
    private static readonly ListModel Lists = new();

    /// <inheritdoc/>
    public ImmutableList<string> Initial => [];

    /// <inheritdoc/>
    public bool Step(ImmutableList<string> state, HistoryOperation<QueueInput, string?> operation, out ImmutableList<string> next)
    {
        if (operation.Input.Enqueue is { } value)
        {
            next = state.Add(value);
            return true;
        }
        next = state.IsEmpty ? state : state.RemoveAt(0);
        return !operation.HasOutput || operation.Output == (state.IsEmpty ? null : state[0]);
    }

    /// <inheritdoc/>
    public bool OnlyObserves(HistoryOperation<QueueInput, string?> operation) =>
        operation.Input.Enqueue is null && operation.HasOutput && operation.Output is null;

    /// <inheritdoc/>
    public bool Equals(ImmutableList<string> left, ImmutableList<string> right) => Lists.Equals(left, right);

    /// <inheritdoc/>
    public int Hash(ImmutableList<string> state) => Lists.Hash(state);

    /// <inheritdoc/>
    public string KeyOf(QueueInput input) => input.Key;

    /// <inheritdoc/>
    public string Describe(HistoryOperation<QueueInput, string?> operation) => operation.Input.Enqueue is { } value
        ? $"enqueue({value}) → " + (operation.HasOutput ? "ok" : "?")
        : "dequeue() → " + (operation.HasOutput ? operation.Output ?? "empty" : "?");

    /// <inheritdoc/>
    public string DescribeState(ImmutableList<string> state) => Lists.DescribeState(state);
}
