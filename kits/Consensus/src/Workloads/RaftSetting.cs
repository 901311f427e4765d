using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Consensus;

/// <summary>What a seed decides about a simulated group before anything happens.</summary>
internal sealed record RaftSetting
{
    private const int DriftPpm = 250_000;

    // No bound that a lease could count on.
    private const int DriftPpmWild = 500_000;

    private static readonly string[] WhenElecting =
        [RaftMoment.Stands, RaftMoment.Votes, RaftMoment.Elected, RaftMoment.Leads, RaftMoment.Appends, RaftMoment.Commits];

    // What is met most seldom is tried most.
    private static readonly LeaseRisk[] Risks = [LeaseRisk.Drift, LeaseRisk.Restart, LeaseRisk.Restart, LeaseRisk.Transfer];

    public required RaftOptions Options { get; init; }

    public required FaultProfile Faults { get; init; }

    /// <summary>An operator changes the membership.</summary>
    public bool ChangesMembers { get; init; }

    /// <summary>An operator hands leadership over, or changes the membership, so often at least; 0 for never.</summary>
    public int OperatesEveryMs { get; init; }

    /// <summary>Longest that a client which writes waits, now and then, before it goes on.</summary>
    public int SilenceMsMax { get; init; } = 120;

    public static RaftSetting Draw(RaftPlan plan, RandomStream random) => plan switch
    {
        { IsAboutLeases: true } => DrawForLeases(plan.Risk ?? random.Pick(Risks), plan, random),
        { IsAboutElections: true } => DrawForElections(random),
        _ => DrawForAll(random),
    };

    // Anything fails. Without leases, clocks may do what they like.
    private static RaftSetting DrawForAll(RandomStream random)
    {
        var options = Basics(random) with { LeaseReads = random.Chance(0.4), ClockDriftPpmMax = DriftPpm, PreVote = random.Chance(0.8) };
        return new()
        {
            Options = options, ChangesMembers = true, OperatesEveryMs = 500,
            Faults = new() { DriftPpmMax = options.LeaseReads ? DriftPpm : DriftPpmWild, FaultsMax = 25 },
        };
    }

    // Short time-outs, mostly no pre-vote: leaders come and go with entries that only some have, votes are split, logs part. Either by many
    // short outages, half of them, in half of the runs, at the moments that elections and commits are made of; or by reigns cut short.
    private static RaftSetting DrawForElections(RandomStream random)
    {
        var isLoyal = random.Chance(0.3);
        var faults = new FaultProfile
        {
            OutageMsMax = 250,
            Kinds = [FaultKind.Crash, FaultKind.CrashInSync, FaultKind.Partition, FaultKind.OneWay, FaultKind.Slow],
        };
        return new()
        {
            Options = Basics(random) with
            {
                ElectionTimeoutMs = 60, LeaseReads = isLoyal && random.Chance(0.4), CheckQuorum = isLoyal, PreVote = random.Chance(0.2),
            },
            Faults = random.Chance(0.35)
                ? faults with { FaultsMax = 4, Scenes = [RaftScene.ShortReigns] }
                : faults with { FaultsMax = 60, Moments = random.Chance(0.5) ? WhenElecting : [] },
        };
    }

    // Members lose each other and never their clients. Time-outs are long against a round trip, so that who leads too long has time to be
    // found out; outages are shorter and longer than they.
    private static RaftSetting DrawForLeases(LeaseRisk risk, RaftPlan plan, RandomStream random)
    {
        var electionMs = random.Pick([120, 240]);
        return new()
        {
            Options = Basics(random) with
            {
                ElectionTimeoutMs = electionMs, HeartbeatMs = random.Pick([electionMs / 6, electionMs / 2]), LeaseReads = true,
                ClockDriftPpmMax = risk == LeaseRisk.Drift && plan.GuardsLeases ? DriftPpm : 0, PreVote = random.Chance(0.5),
            },
            OperatesEveryMs = risk == LeaseRisk.Transfer ? 200 : 0,
            // Who was cut off can win only while there is nothing that it missed.
            SilenceMsMax = risk == LeaseRisk.Restart ? 800 : 120,
            Faults = risk switch
            {
                LeaseRisk.Drift => new()
                {
                    FaultsMax = 8, OutageMsMax = 1_200, DriftPpmMax = DriftPpm, Kinds = [FaultKind.ClockDrift, FaultKind.Partition],
                    Moments = [RaftMoment.Leads, RaftMoment.Elected], Scenes = [RaftScene.SlowestLeads],
                },
                LeaseRisk.Restart => new()
                {
                    FaultsMax = 8, OutageMsMax = 600, Kinds = [FaultKind.Crash, FaultKind.Partition, FaultKind.OneWay],
                    Moments = [RaftMoment.Starts, RaftMoment.Votes, RaftMoment.Leads], Scenes = [RaftScene.VoterComesAndGoes],
                },
                _ => new()
                {
                    FaultsMax = 15, Kinds = [FaultKind.Partition, FaultKind.OneWay, FaultKind.Slow],
                    Moments = [RaftMoment.Stands, RaftMoment.HandsOver, RaftMoment.Leads],
                },
            },
        };
    }

    private static RaftOptions Basics(RandomStream random) => new()
    {
        ElectionTimeoutMs = 120,
        HeartbeatMs = 20,
        MessageEntriesMax = random.Pick([1, 2, 64]),
        InflightMessagesMax = random.Pick([1, 4, 64]),
        SnapshotChunkBytes = random.Pick([16, 64, 4_096]),
    };
}
