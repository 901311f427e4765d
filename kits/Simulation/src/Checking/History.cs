using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>
/// What clients asked and were told, in the order in which it happened. Kept by a workload on the simulator's one thread, so that
/// calls and answers have one true order even when they share an instant of virtual time.
/// </summary>
/// <param name="now">World time, for explanations; without it the order of events stands for milliseconds.</param>
public sealed class History<TInput, TOutput>(Func<TimeSpan>? now = null)
{
    private readonly List<HistoryOperation<TInput, TOutput>> _operations = [];
    private readonly HashSet<HistoryOperation<TInput, TOutput>> _discarded = [];
    private long _order;

    /// <summary>Operations in the order of their calls, without those discarded.</summary>
    public IReadOnlyList<HistoryOperation<TInput, TOutput>> Operations =>
        _discarded.Count == 0 ? _operations : [.. _operations.Where(o => !_discarded.Contains(o))];

    /// <summary>Records a call. Its outcome is unknown until <see cref="Answer"/>.</summary>
    public HistoryOperation<TInput, TOutput> Call(int client, TInput input)
    {
        var operation = new HistoryOperation<TInput, TOutput>(_operations.Count, client, input, ++_order, Now());
        _operations.Add(operation);
        return operation;
    }

    /// <summary>Records the answer to a call.</summary>
    public void Answer(HistoryOperation<TInput, TOutput> operation, TOutput output)
    {
        Invariant.Check(!operation.HasOutput && !_discarded.Contains(operation));
        operation.Answer(output, ++_order, Now());
    }

    /// <summary>Takes a call back that is known not to have taken effect: it was refused. Not for lost replies.</summary>
    public void Discard(HistoryOperation<TInput, TOutput> operation)
    {
        Invariant.Check(!operation.HasOutput);
        _discarded.Add(operation);
    }

    private TimeSpan Now() => now?.Invoke() ?? TimeSpan.FromMilliseconds(_order);
}
