namespace Microcosm.Simulation;

/// <summary>The first failing seed.</summary>
/// <param name="Result">The run as drawn from the seed.</param>
/// <param name="Shrunk">The run with the fewest, shortest faults that still fails in the same way.</param>
/// <param name="ShrinkRuns">Simulations that shrinking took.</param>
/// <param name="IsReproduced">True if running the seed again gave the same failure and the same trace hash.</param>
/// <param name="Replay">The command that runs <paramref name="Shrunk"/> again.</param>
public sealed record SeedFailure(SimulationResult Result, SimulationResult Shrunk, int ShrinkRuns, bool IsReproduced, string Replay);
