using Microcosm.Simulation;

namespace Microcosm.Consensus;

/// <summary>Faults that belong together. Each is a story that the papers warn of; chance alone tells it in one run of thousands.</summary>
internal static class RaftScene
{
    /// <summary>
    /// A leader is cut off with entries that it has alone; the next one is elected and heard no more; the first one leads again and dies as
    /// it commits; the second comes back (paper, figure 8).
    /// </summary>
    public static FaultSchedule ShortReigns { get; } = FaultSchedule.Parse(
        "Partition:@leads:@nodes:0+150:0 OneWay:@stands:@nodes:20+350:0 Crash:@commits::170+200:0");

    /// <summary>All clocks run fast, the leader's slow, each as far as the bound allows; then the leader loses the others.</summary>
    public static FaultSchedule SlowestLeads { get; } = FaultSchedule.Parse(
        "ClockDrift:#1::0+1500:250000 ClockDrift:#2::0+1500:250000 ClockDrift:#3::0+1500:250000 "
        + "ClockDrift:@leads::20+1480:-250000 Partition:@leads:@nodes:350+600:0");

    /// <summary>A leader and a voter lose each other, while the third, whom both still reach, restarts again and again.</summary>
    public static FaultSchedule VoterComesAndGoes { get; } = FaultSchedule.Parse(
        "Partition:@leads:#1:0+700:0 Partition:@leads:#2:0+700:0 "
        + "Crash:#3::200+15:0 Crash:#3::300+15:0 Crash:#3::400+15:0 Crash:#3::500+15:0 Crash:#3::600+15:0");
}
