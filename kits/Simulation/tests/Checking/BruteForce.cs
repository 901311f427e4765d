namespace Microcosm.Simulation.Tests.Checking;

/// <summary>
/// The definition of linearizability, word for word, for histories of a few operations: some set of the operations without answer
/// is chosen, and some order of the rest that keeps to real time is a run of the model.
/// </summary>
internal static class BruteForce
{
    public static bool IsLinearizable<TState, TInput, TOutput>(IModel<TState, TInput, TOutput> model, History<TInput, TOutput> history)
    {
        var all = history.Operations;
        return Extend(model, model.Initial, [.. all]);
    }

    private static bool Extend<TState, TInput, TOutput>(
        IModel<TState, TInput, TOutput> model, TState state, List<HistoryOperation<TInput, TOutput>> left)
    {
        if (left.TrueForAll(o => !o.HasOutput))
            return true;
        foreach (var first in left.ToArray())
        {
            if (left.Exists(o => o.AnswerOrder < first.CallOrder) || !model.Step(state, first, out var next))
                continue;
            if (Extend(model, next, [.. left.Where(o => o != first)]))
                return true;
        }
        return false;
    }
}
