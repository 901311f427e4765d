using System.Globalization;
using Microcosm.Simulation;

namespace Microcosm.Testing;

/// <summary>
/// The seeds of one test: those that its attribute asks for, or what the environment says. <c>MICROCOSM_SEED</c> runs one seed,
/// <c>MICROCOSM_REPLAY</c> one simulation with its faults, <c>MICROCOSM_SEEDS</c> and <c>MICROCOSM_FIRST_SEED</c> move the range.
/// </summary>
internal sealed class SeedRange
{
    private readonly ulong _first;
    private readonly int _count;

    public SeedRange(ulong first, int count, ReplayCommand command, Func<string, string?> environment)
    {
        Command = command;
        Replay = environment("MICROCOSM_REPLAY") is { } line ? SeedReplay.Parse(line) : null;
        if (Replay is not null || environment("MICROCOSM_SEED") is not null)
            (_first, _count) = (Replay?.Seed ?? Number(environment, "MICROCOSM_SEED", first), 1);
        else
            (_first, _count) =
                (Number(environment, "MICROCOSM_FIRST_SEED", first), (int)Number(environment, "MICROCOSM_SEEDS", (ulong)count));
    }

    /// <summary>What to type to run one of them again.</summary>
    public ReplayCommand Command { get; }

    /// <summary>The simulation to repeat, if the environment names one.</summary>
    public SeedReplay? Replay { get; }

    public IEnumerable<ulong> Seeds => Enumerable.Range(0, _count).Select(i => _first + (ulong)i);

    /// <summary>True until a run failed: shrinking the faults of every failing seed would take too long.</summary>
    public bool MayShrink { get; private set; } = true;

    /// <summary>From now on failing simulations are not shrunk.</summary>
    public void OnFailure() => MayShrink = false;

    private static ulong Number(Func<string, string?> environment, string variable, ulong otherwise)
    {
        if (environment(variable) is not { } text)
            return otherwise;
        return ulong.TryParse(text, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{variable} is '{text}', which is not a number");
    }
}
