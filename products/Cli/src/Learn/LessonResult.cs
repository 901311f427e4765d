namespace Microcosm.Cli;

/// <summary>How a lesson went.</summary>
/// <param name="Outcomes">Of the steps that ran.</param>
/// <param name="Skipped">Steps that the reader skipped, or whose client is missing.</param>
internal sealed record LessonResult(IReadOnlyList<StepOutcome> Outcomes, int Skipped)
{
    /// <summary>Steps that printed something else than the chapter quotes.</summary>
    public int Different => Outcomes.Count(o => !o.Matches);
}
