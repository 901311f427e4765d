using System.CommandLine;

namespace Microcosm.SideBySide;

/// <summary>The command line of <c>bench/run</c>.</summary>
internal static class Options
{
    public static readonly Argument<string[]> Comparisons = new("comparison") { Description = "What is compared.",
        Arity = ArgumentArity.OneOrMore };

    public static readonly Option<int?> Rounds = Number("--rounds", "How often each load is put to each server; 5, or 1 with --quick.", 0);

    public static readonly Option<bool> Quick = new("--quick") { Description = "A first look: smaller loads. Nothing is kept." };

    public static readonly Option<string?> Only = new("--only") { Description = "Only sections and loads in whose names all of these words "
        + "are. Nothing is kept.", HelpName = "WORDS" };

    public static readonly Option<string?> Json = new("--json") { Description = "Write all that was seen to this file.",
        HelpName = "FILE" };

    public static readonly Option<bool> Priority = new("--priority") { Description = "Servers and load before all else on the machine; "
        + "needs root." };

    public static readonly Option<string?> Before = new("--before") { Description = "A folder with another published build of ours, in the "
        + "place of the peers. Nothing is kept.", HelpName = "FOLDER" };

    /// <summary>Of comparisons whose loads last a time.</summary>
    public static readonly Option<int?> Seconds =
        Number("--seconds", "How long a load lasts: chubby, kafka (end to end), nginx, world (idle).", 1);

    public static readonly Option<int?> Kills = Number("--kills", "chubby: how often each leader is killed; 50, or 3 with --quick.", 0);

    public static readonly Option<bool> Floods = new("--floods") { Description = "nginx: attacks on ours and on nginx instead." };

    public static readonly Option<bool> Reloads = new("--reloads") { Description = "nginx: a reload each second under load instead." };

    public static RootCommand Command()
    {
        Comparisons.AcceptOnlyFromAmong([.. Comparison.All.Select(c => c.Name)]);
        Comparisons.HelpName = string.Join('|', Comparison.All.Select(c => c.Name));
        return new RootCommand("Ours and the real servers, in turn, in one run.\n  "
            + "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 a peer or a tool is not installed.")
            { Comparisons, Rounds, Seconds, Quick, Only, Json, Priority, Before, Kills, Floods, Reloads };
    }

    /// <summary>An option that is given and that none of the comparisons has; null where there is none.</summary>
    public static Option? Stray(ParseResult parsed, IReadOnlyList<Comparison> comparisons)
    {
        Option[] special = [Seconds, Kills, Floods, Reloads];
        return special.FirstOrDefault(o => parsed.GetResult(o) is { Implicit: false } && !comparisons.Any(c => c.Options.Contains(o)));
    }

    private static Option<int?> Number(string name, string description, int least) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[^1].Value, out var number) && number >= least)
                return number;
            result.AddError($"{name} is a number, at least {least}");
            return null;
        },
    };
}
