using System.CommandLine;

namespace Microcosm.SideBySide.Worlds;

/// <summary>What the whole world takes: to start, to be there, to be there again.</summary>
internal sealed class WorldComparison : Comparison
{
    private const string ForksTitle = "World.ForkAsync";

    private static readonly string StartTitle = $"{WholeWorld.Command}: all systems";

    public override string Name => "world";

    public override IReadOnlyList<Option> Options => [SideBySide.Options.Seconds];

    public override async Task MeasureAsync(Run run)
    {
        var report = run.Begin("world", "The whole world", $"{run.RoundsText}.");
        if (run.Wants(StartTitle, "start") || run.Wants(StartTitle, "idle"))
        {
            var seconds = run.Seconds(usual: 10, quick: 3);
            var text = "The aims are 600 ms from its start until every protocol's ping is answered, 140 MiB of resident memory and 1 % of "
                + $"a core when it is idle: looked at for {seconds} s, {WholeWorld.Rest.TotalSeconds} s after that.";
            See(run, report.Add(StartTitle, text), seconds);
        }
        if (run.Wants(ForksTitle, "") && run.Rounds > 0)
            await Forks.SeeAsync(report.Add(ForksTitle, Forks.Text).Figures, 2 * run.Rounds, run.IsQuick ? 20 : 200);
    }

    private static void See(Run run, Section section, int seconds)
    {
        foreach (var round in run.EachRound("world"))
        {
            foreach (var ours in round % 2 == 0 ? run.Ours : run.Ours.Reverse())
            {
                using var world = new WholeWorld(ours);
                section.Figures.See(ours.Name, "start", "every ping answered, ms", world.StartMs);
                Thread.Sleep(WholeWorld.Rest);
                section.Figures.See(ours.Name, "idle", "CPU, % of a core", world.IdlePercent(TimeSpan.FromSeconds(seconds)));
                section.Figures.See(ours.Name, "idle", "RSS, MiB", world.ResidentBytes / 1048576.0);
            }
        }
    }
}
