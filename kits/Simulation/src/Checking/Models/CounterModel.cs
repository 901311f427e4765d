using System.Globalization;

namespace Microcosm.Simulation;

/// <summary>Counters by key whose every operation answers the sum after it: Redis INCRBY, a sequence.</summary>
public sealed class CounterModel : IModel<long, CounterInput, long>
{
    /// <inheritdoc/>
    public long Initial => 0;

    /// <inheritdoc/>
    public bool Step(long state, HistoryOperation<CounterInput, long> operation, out long next)
    {
        next = state + operation.Input.Add;
        return !operation.HasOutput || operation.Output == next;
    }

    /// <inheritdoc/>
    public bool OnlyObserves(HistoryOperation<CounterInput, long> operation) => operation.Input.Add == 0;

    /// <inheritdoc/>
    public bool Equals(long left, long right) => left == right;

    /// <inheritdoc/>
    public int Hash(long state) => state.GetHashCode();

    /// <inheritdoc/>
    public string KeyOf(CounterInput input) => input.Key;

    /// <inheritdoc/>
    public string Describe(HistoryOperation<CounterInput, long> operation) =>
        $"add({operation.Input.Add}) → " + (operation.HasOutput ? DescribeState(operation.Output) : "?");

    /// <inheritdoc/>
    public string DescribeState(long state) => state.ToString(CultureInfo.InvariantCulture);
}
