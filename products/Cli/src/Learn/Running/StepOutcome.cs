namespace Microcosm.Cli;

/// <summary>A step that ran.</summary>
/// <param name="Step">As the chapter has it.</param>
/// <param name="Printed">What it printed, as a chapter quotes it.</param>
/// <param name="Matches">Whether that is what the chapter quotes.</param>
internal sealed record StepOutcome(Step Step, string Printed, bool Matches);
