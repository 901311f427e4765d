using Microcosm.Runtime;

namespace Microcosm.Simulation.Tests.Simulator;

public class FaultScheduleTests
{
    private static FaultSchedule Draw(ulong seed, FaultProfile? profile = null) => FaultSwarm.Draw(
        new Seed(seed), profile ?? new FaultProfile(), ["n-1", "n-2", "n-3"], ["c-1", "c-2"], TimeSpan.FromSeconds(2));

    [Fact]
    public void A_schedule_reads_what_it_writes()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var schedule = Draw(seed);
            Assert.Equal(schedule.Faults, FaultSchedule.Parse(schedule.ToString()).Faults);
        }
        Assert.Equal("none", FaultSchedule.None.ToString());
        Assert.Throws<FormatException>(() => FaultSchedule.Parse("Crash:n-1"));
        Assert.Throws<FormatException>(() => FaultSchedule.Parse("Meteor:n-1::1+2:3"));
    }

    [Fact]
    public void Every_kind_occurs_and_no_run_uses_them_all()
    {
        var runs = Enumerable.Range(0, 300).Select(s => Draw((ulong)s).Faults.Select(f => f.Kind).Distinct().ToArray()).ToArray();
        Assert.Equal(Enum.GetValues<FaultKind>(), runs.SelectMany(r => r).Distinct().Order());
        Assert.True(runs.Average(r => r.Length) < Enum.GetValues<FaultKind>().Length / 2.0);
    }

    [Fact]
    public void Resets_are_drawn_beside_the_others_and_change_none_of_them()
    {
        var without = new FaultProfile { Kinds = [.. Enum.GetValues<FaultKind>().Where(k => k != FaultKind.Reset)] };
        var withResets = 0;
        for (ulong seed = 0; seed < 200; seed++)
        {
            var faults = Draw(seed).Faults;
            Assert.Equal(Draw(seed, without).Faults, faults.Where(f => f.Kind != FaultKind.Reset));
            Assert.True(faults.Count <= without.FaultsMax);
            withResets += faults.Any(f => f.Kind == FaultKind.Reset) ? 1 : 0;
        }
        Assert.InRange(withResets, 25, 75);
    }

    [Fact]
    public void A_scene_is_played_whole_by_nodes_that_differ()
    {
        var scene = FaultSchedule.Parse("Partition:#1:#2:0+100:0 Crash:#3::40+20:0");
        var profile = new FaultProfile { Kinds = [], Scenes = [scene] };
        for (ulong seed = 0; seed < 200; seed++)
        {
            var faults = Draw(seed, profile).Faults;
            var crashes = faults.Where(f => f.Kind == FaultKind.Crash).ToArray();
            Assert.InRange(crashes.Length, 1, 3);
            Assert.Equal(crashes.Length, faults.Count(f => f.Kind == FaultKind.Partition));
            Assert.All(crashes, c => Assert.Contains(faults, f => f.Kind == FaultKind.Partition && f.AtMs < c.AtMs
                && (string[])["n-1", "n-2", "n-3"] is var all && all.Order().SequenceEqual(new[] { f.Target, f.Other, c.Target }.Order())));
        }
    }

    [Fact]
    public void Half_of_the_faults_wait_for_a_moment_where_there_are_any()
    {
        var profile = new FaultProfile { Kinds = [FaultKind.Crash], Moments = ["rings"] };
        var faults = Enumerable.Range(0, 300).SelectMany(s => Draw((ulong)s, profile).Faults).ToArray();
        Assert.InRange(faults.Count(f => f.Target == "@rings") / (double)faults.Length, 0.4, 0.6);
    }

    [Fact]
    public void A_profile_bounds_what_is_drawn()
    {
        var profile = new FaultProfile { Kinds = [FaultKind.Slow, FaultKind.ClockDrift], FaultsMax = 3, SlowMsMax = 7, DriftPpmMax = 50 };
        for (ulong seed = 0; seed < 200; seed++)
        {
            var faults = Draw(seed, profile).Faults;
            Assert.True(faults.Count <= 3);
            Assert.All(faults, f => Assert.InRange(f.AtMs, 0, 1_999));
            Assert.All(faults.Where(f => f.Kind == FaultKind.Slow), f => Assert.InRange(f.Amount, 1, 7));
            Assert.All(faults.Where(f => f.Kind == FaultKind.ClockDrift), f => Assert.InRange(f.Amount, -50, 50));
            Assert.All(faults, f => Assert.Contains(f.Kind, profile.Kinds));
        }
    }
}
