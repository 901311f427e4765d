using System.Globalization;

namespace Microcosm.Simulation;

/// <summary>All that it takes to run a simulation again: written on one line that a shell takes as it is.</summary>
public sealed record SeedReplay(string Workload, ulong Seed, FaultSchedule Faults, IReadOnlyList<string> Planted)
{
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
}
