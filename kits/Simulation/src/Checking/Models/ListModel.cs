using System.Collections.Immutable;

namespace Microcosm.Simulation;

/// <summary>
/// Append-only lists by key, read as a whole: what tells most about a store, since a read shows the order of all writes before it
/// (Kingsbury and Alvaro, "Elle", VLDB 2020). Values are compared in order.
/// </summary>
public sealed class ListModel : IModel<ImmutableList<string>, ListInput, IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public ImmutableList<string> Initial => [];

    /// <inheritdoc/>
    public bool Step(ImmutableList<string> state, HistoryOperation<ListInput, IReadOnlyList<string>> operation,
        out ImmutableList<string> next)
    {
        next = operation.Input.Append is { } value ? state.Add(value) : state;
        return operation.Input.Append is not null || !operation.HasOutput || state.SequenceEqual(operation.Output!, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public bool OnlyObserves(HistoryOperation<ListInput, IReadOnlyList<string>> operation) => operation.Input.Append is null;

    /// <inheritdoc/>
    public bool Equals(ImmutableList<string> left, ImmutableList<string> right) =>
        left.Count == right.Count && left.SequenceEqual(right, StringComparer.Ordinal);

    /// <inheritdoc/>
    public int Hash(ImmutableList<string> state)
    {
        var hash = state.Count;
        foreach (var value in state)
            hash = hash * 31 + value.GetHashCode(StringComparison.Ordinal);
        return hash;
    }

    /// <inheritdoc/>
    public string KeyOf(ListInput input) => input.Key;

    /// <inheritdoc/>
    public string Describe(HistoryOperation<ListInput, IReadOnlyList<string>> operation) => operation.Input.Append is { } value
        ? $"append({value}) → " + (operation.HasOutput ? "ok" : "?")
        : "read() → " + (operation.HasOutput ? Text(operation.Output!) : "?");

    /// <inheritdoc/>
    public string DescribeState(ImmutableList<string> state) => Text(state);

    private static string Text(IReadOnlyList<string> values) => values.Count <= 8
        ? $"[{string.Join(' ', values)}]"
        : $"[… {values.Count - 8} more, {string.Join(' ', values.Skip(values.Count - 8))}]";
}
