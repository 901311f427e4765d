namespace Microcosm.Simulation;

/// <summary>Outcome of a check.</summary>
/// <param name="Verdict">Over all keys: one bad key makes the history bad; else one undecided key makes it undecided.</param>
/// <param name="Steps">Steps of the model that the search took, all keys together, explanation not counted.</param>
/// <param name="Key">The key that the verdict is about, when it is not good.</param>
/// <param name="Explanation">Why, for people; empty for a good history.</param>
public sealed record LinearizabilityResult(Verdict Verdict, long Steps, string? Key = null, string Explanation = "")
{
    /// <summary>Throws <see cref="CheckFailedException"/> of the kind <c>linearizability</c> unless the history is good.</summary>
    public void ThrowUnlessLinearizable()
    {
        if (Verdict == Verdict.NotLinearizable)
            throw new CheckFailedException("linearizability", Explanation);
        if (Verdict == Verdict.Undecided)
            throw new CheckFailedException("undecided", Explanation);
    }
}
