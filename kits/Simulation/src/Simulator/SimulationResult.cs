using System.Globalization;

namespace Microcosm.Simulation;

/// <summary>What became of one simulation.</summary>
/// <param name="Seed">The number it came from.</param>
/// <param name="TraceHash">Hash over every step: who ran when. The same seed and faults always give the same.</param>
/// <param name="Steps">Work items carried out.</param>
/// <param name="Elapsed">Virtual time that passed.</param>
/// <param name="Faults">What was to fail.</param>
/// <param name="Probes">Rare paths and how often they were taken.</param>
/// <param name="Failure">Null if all went well.</param>
public sealed record SimulationResult(
    ulong Seed,
    ulong TraceHash,
    long Steps,
    TimeSpan Elapsed,
    FaultSchedule Faults,
    IReadOnlyDictionary<string, long> Probes,
    SimulationFailure? Failure)
{
    /// <summary>The last lines that nodes logged, of a run that failed.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];

    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = string.Create(CultureInfo.InvariantCulture,
            $"seed {Seed}, trace {TraceHash:x16}, {Steps} steps, {Elapsed.TotalSeconds:0.000} s of virtual time\nfaults: {Faults}\n");
        return text + (Failure is null ? "no failure" : $"{Failure.Kind}: {Failure.Message}\n{Failure.Stack}\n{string.Join('\n', Log)}");
    }
}
