using System.Globalization;

namespace Microcosm.Simulation;

/// <summary>All that it takes to run a simulation again: written on one line that a shell takes as it is.</summary>
public sealed record SeedReplay(string Workload, ulong Seed, FaultSchedule Faults, IReadOnlyList<string> Planted)
{
    /// <summary>The environment variable that says what to replay.</summary>
    public const string Variable = "MICROCOSM_REPLAY";

    /// <summary>Why <see cref="RunFromEnvironment"/> ran nothing.</summary>
    public const string NothingAsked = Variable + " says what to replay: the last line but one of a report.";

    /// <summary><c>store --seed 4 --faults 'Crash:store-1::797+1:0' --planted store/dirty-read</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Workload} --seed {Seed} --faults '{Faults}'")
        + (Planted.Count > 0 ? $" --planted {string.Join(',', Planted)}" : "");

    /// <summary>Reads what <see cref="ToString"/> wrote. Throws <see cref="FormatException"/>.</summary>
    public static SeedReplay Parse(string text)
    {
        var quoted = text.Split('\'');
        var words = quoted[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (quoted.Length != 3 || words is not [var workload, "--seed", var seed, "--faults"]
            || !ulong.TryParse(seed, CultureInfo.InvariantCulture, out var number))
        {
            throw new FormatException($"Not a replay: {text}; it is written NAME --seed N --faults '…' [--planted A,B]");
        }
        var planted = quoted[2].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(workload, number, FaultSchedule.Parse(quoted[1]), planted is ["--planted", var names] ? names.Split(',') : []);
    }

    /// <summary>Runs what the environment asks for, of the workload that it names; null where it asks for nothing.</summary>
    public static SimulationResult? RunFromEnvironment(Func<string, Func<IWorkload>> workload) =>
        Environment.GetEnvironmentVariable(Variable) is { } line ? Parse(line).Run(workload) : null;

    private SimulationResult Run(Func<string, Func<IWorkload>> workload) => SeedRunner.RunOne(workload(Workload), Seed, Faults, Planted);
}
