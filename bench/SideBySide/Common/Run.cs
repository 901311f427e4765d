using System.CommandLine;

namespace Microcosm.SideBySide;

/// <summary>One comparison, as the command line wants it.</summary>
internal sealed class Run(Comparison comparison, ParseResult parsed, IReadOnlyList<string> arguments)
{
    private readonly string[] _words = (parsed.GetValue(Options.Only) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public Comparison Comparison => comparison;

    /// <summary>Smaller loads.</summary>
    public bool IsQuick { get; } = parsed.GetValue(Options.Quick);

    public int Rounds { get; } = parsed.GetValue(Options.Rounds) ?? (parsed.GetValue(Options.Quick) ? 1 : 5);

    /// <summary>How many there are, for texts.</summary>
    public string RoundsText => Rounds == 1 ? "1 round" : $"{Rounds} rounds";

    public bool HasPriority { get; } = parsed.GetValue(Options.Priority);

    /// <summary>Another program of ours, in the place of the peers; null where the peers are asked for.</summary>
    public string? Before { get; } =
        parsed.GetValue(Options.Before) is { } folder ? Path.GetFullPath(Path.Combine(folder, comparison.Ours.Program)) : null;

    public bool HasPeers => Before is null;

    /// <summary>Nothing is left out, so that its results are worth keeping.</summary>
    public bool IsWhole => !IsQuick && HasPeers && _words.Length == 0;

    /// <summary>Programs of ours with the names of their columns.</summary>
    public IReadOnlyList<(string Name, string Program)> Ours
    {
        get
        {
            var ours = ("ours", Published.PathOf(comparison.Ours.Program));
            return Before is null ? [ours] : [("before", Before), ours];
        }
    }

    public List<Report> Reports { get; } = [];

    /// <summary>What an option of its own says.</summary>
    public T? Get<T>(Option<T> option) => parsed.GetValue(option);

    /// <summary>How long a load lasts.</summary>
    public int Seconds(int usual, int quick) => Get(Options.Seconds) ?? (IsQuick ? quick : usual);

    /// <summary>Begins a report.</summary>
    /// <param name="name">Of its files.</param>
    public Report Begin(string name, string title, string text)
    {
        // Where somebody keeps a copy is nobody else's.
        var line = arguments.Where((a, i) => a != Options.Json.Name && (i == 0 || arguments[i - 1] != Options.Json.Name))
            .Select(a => a.Contains(' ') ? $"\"{a}\"" : a);
        var report = new Report(name, title, $"bench/run {string.Join(' ', line)}",
            text + (HasPriority ? " Servers and load have priority." : ""));
        Reports.Add(report);
        return report;
    }

    /// <summary>True where a load of a section is asked for.</summary>
    public bool Wants(string section, string load) =>
        _words.All(w => $"{section} {load}".Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>Those loads of a section that are asked for.</summary>
    public IReadOnlyList<Load<T>> Choose<T>(string section, IEnumerable<Load<T>> loads)
        where T : Server => [.. loads.Where(l => Wants(section, l.Name))];

    /// <summary>The numbers of the rounds, which it tells.</summary>
    public IEnumerable<int> EachRound(string section)
    {
        for (var round = 0; round < Rounds; round++)
        {
            Console.Error.WriteLine($"{section}: round {round + 1} of {Rounds}");
            yield return round;
        }
    }
}
