using System.Text;

namespace Microcosm.Simulation;

/// <summary>
/// Says why a history is not linearizable, as little as will do: the first answer that no order explains, the operations without
/// which it could be explained, and the longest order there is. Its own searches get a part of the step budget each.
/// </summary>
internal sealed class Contradiction<TState, TInput, TOutput>(
    IModel<TState, TInput, TOutput> model, HistoryOperation<TInput, TOutput>[] operations, long stepsMax)
{
    private const int OrderLinesMax = 8;
    private const int PendingLinesMax = 6;

    private readonly HistoryOperation<TInput, TOutput>[] _answered =
        [.. operations.Where(o => o.HasOutput).OrderBy(o => o.AnswerOrder)];

    /// <summary>The explanation for a history that was found bad.</summary>
    public string Explain(string key)
    {
        var prefix = ShortestBadPrefix();
        var culprit = _answered[prefix - 1];
        var text = new StringBuilder();
        text.Append(key.Length == 0 ? "" : $"key '{key}': ");
        text.Append($"no order of operations explains the answer of operation {culprit.Ordinal} (answer {prefix} of {_answered.Length}).");
        AppendCore(text, prefix, culprit);
        AppendOrder(text, prefix, culprit);
        return text.ToString();
    }

    // A prefix of a linearizable history is linearizable, so the bad prefixes are all those from some answer on.
    private int ShortestBadPrefix()
    {
        var (good, bad) = (0, _answered.Length);
        while (bad - good > 1)
        {
            var middle = (good + bad) / 2;
            if (Search(ItemsOf(middle), stepsMax).Verdict == Verdict.NotLinearizable)
                bad = middle;
            else
                good = middle;
        }
        return bad;
    }

    private Entry.Item<TInput, TOutput>[] ItemsOf(int answers)
    {
        var end = answers == 0 ? 0 : _answered[answers - 1].AnswerOrder;
        return [.. operations.Where(o => o.CallOrder < end).Select(o => new Entry.Item<TInput, TOutput>(o, o.AnswerOrder <= end))];
    }

    // To loosen an operation (any time after its call, or never) makes a history easier to explain. So what is still inexplicable
    // with all others loosened is a contradiction among those that stay bound.
    private void AppendCore(StringBuilder text, int prefix, HistoryOperation<TInput, TOutput> culprit)
    {
        var items = ItemsOf(prefix);
        var others = items.Where(i => i.Binds && i.Operation != culprit).Select(i => i.Operation).ToArray();
        var steps = Math.Min(stepsMax, 20_000);
        var core = DeltaDebugging.Minimize(others, kept =>
        {
            var bound = new HashSet<HistoryOperation<TInput, TOutput>>(kept) { culprit };
            var loosened = items.Select(i => i with { Binds = bound.Contains(i.Operation) }).ToArray();
            return Search(loosened, steps).Verdict == Verdict.NotLinearizable;
        });
        text.Append("\nThese contradict each other:");
        foreach (var operation in core.Append(culprit).OrderBy(o => o.CallOrder))
            AppendLine(text, operation, operation == culprit ? "  ← inexplicable" : "");
    }

    private void AppendOrder(StringBuilder text, int prefix, HistoryOperation<TInput, TOutput> culprit)
    {
        var items = ItemsOf(prefix - 1);
        // An order that needs none of the unknown outcomes reads best.
        var (verdict, search) = Search([.. items.Where(i => i.Binds)], stepsMax);
        var order = (verdict == Verdict.Linearizable ? search : Search(items, stepsMax).Search).Order;
        text.Append($"\nLongest order that explains what was answered before: {order.Count} operations");
        text.Append(order.Count > OrderLinesMax ? $", the last {OrderLinesMax}:" : ":");
        foreach (var (operation, after) in order.TakeLast(OrderLinesMax))
            AppendLine(text, operation, "  state " + model.DescribeState(after));

        var placed = order.Select(o => o.Operation).ToHashSet();
        var open = operations.Where(o => o != culprit && o.CallOrder < culprit.AnswerOrder && !placed.Contains(o)).ToArray();
        if (open.Length == 0)
            return;
        text.Append($"\nOpen at that time and not in this order: {open.Length}");
        foreach (var operation in open.TakeLast(PendingLinesMax))
            AppendLine(text, operation, "");
    }

    private void AppendLine(StringBuilder text, HistoryOperation<TInput, TOutput> operation, string remark) =>
        text.Append($"\n  {operation.Times(),-24}  client {operation.Client,-3} {model.Describe(operation)}{remark}");

    private (Verdict Verdict, LinearizabilitySearch<TState, TInput, TOutput> Search) Search(Entry.Item<TInput, TOutput>[] items, long steps)
    {
        var search = new LinearizabilitySearch<TState, TInput, TOutput>(model, items, steps);
        return (search.Run(), search);
    }
}
