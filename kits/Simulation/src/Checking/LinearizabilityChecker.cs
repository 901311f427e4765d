namespace Microcosm.Simulation;

/// <summary>
/// Decides whether a history is linearizable: whether each operation can be given one instant between its call and its answer so
/// that the operations, in the order of these instants, are a run of the model. Wing and Gong's search (JPDC 1993) with Lowe's
/// memory of configurations already seen (CCPE 2017), each key on its own.
/// </summary>
public static class LinearizabilityChecker
{
    /// <summary>Steps that a key gets by default; some seconds at the worst.</summary>
    public const long StepsMaxDefault = 5_000_000;

    /// <summary>Checks every key; stops at the first bad one and explains it.</summary>
    /// <param name="stepsMax">Budget of model steps a key. Steps, not seconds: the same history always has the same verdict.</param>
    public static LinearizabilityResult Check<TState, TInput, TOutput>(
        IModel<TState, TInput, TOutput> model, History<TInput, TOutput> history, long stepsMax = StepsMaxDefault)
    {
        long steps = 0;
        LinearizabilityResult? undecided = null;
        foreach (var part in history.Operations.GroupBy(o => model.KeyOf(o.Input), StringComparer.Ordinal))
        {
            var operations = part.ToArray();
            var search = new LinearizabilitySearch<TState, TInput, TOutput>(model, Entry.All(operations), stepsMax);
            var verdict = search.Run();
            steps += search.Steps;
            if (verdict == Verdict.NotLinearizable)
                return new(verdict, steps, part.Key, new Contradiction<TState, TInput, TOutput>(model, operations,
                    stepsMax).Explain(part.Key));
            if (verdict == Verdict.Undecided)
                undecided ??= new(verdict, 0, part.Key,
                    $"key '{part.Key}': no verdict on {operations.Length} operations within {stepsMax} steps");
        }
        return undecided is null ? new(Verdict.Linearizable, steps) : undecided with { Steps = steps };
    }
}
