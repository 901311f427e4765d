using System.Globalization;
using Microcosm.Runtime;

namespace Microcosm.Simulation;

/// <summary>
/// Draws a schedule of faults from a seed. First the kinds that this run uses, a random subset, since a mixture of everything hides
/// what some things alone would show; then how many, then each.
/// </summary>
internal static class FaultSwarm
{
    private const int SyncsMax = 6;
    private const int DiskFaultsMax = 3;
    private const int ResetsMax = 8;
    private const int ScenesMax = 3;

    // Syncs tell most: what one that failed covered is neither safe nor known to be lost.
    private static readonly string[] DiskOperations = ["sync", "sync", "sync", "write", "read", "*"];

    /// <summary>The schedule of a world with these nodes and clients, for faults that begin within <paramref name="during"/>.</summary>
    public static FaultSchedule Draw(
        Seed seed, FaultProfile profile, IReadOnlyCollection<string> nodes, IReadOnlyCollection<string> clients, TimeSpan during)
    {
        if (nodes.Count == 0)
            return FaultSchedule.None;
        var faults = new List<ScheduledFault>(DrawOthers(seed.Stream("faults"), profile, nodes, clients, during));
        // From streams of their own, into what those before leave of the most that there may be: what else happens does not depend on them.
        faults.AddRange(DrawDiskFaults(seed.Stream("faults/disk"), profile, [.. nodes], profile.FaultsMax - faults.Count, during));
        faults.AddRange(DrawResets(seed.Stream("faults/reset"), profile, [.. nodes], clients, profile.FaultsMax - faults.Count, during));
        faults.AddRange(DrawScenes(seed.Stream("faults/scenes"), profile, [.. nodes], during));
        return new FaultSchedule(faults);
    }

    private static ScheduledFault[] DrawOthers(
        RandomStream random, FaultProfile profile, IReadOnlyCollection<string> nodes, IReadOnlyCollection<string> clients, TimeSpan during)
    {
        FaultKind[] kinds = [.. profile.Kinds.Where(k => !IsOfDisk(k) && k != FaultKind.Reset && random.Chance(0.5))];
        if (kinds.Length == 0)
            return [];
        string[] servers = [.. nodes];
        string[] all = [.. nodes, .. clients];
        var faults = new ScheduledFault[random.Next(1, profile.FaultsMax + 1)];
        for (var i = 0; i < faults.Length; i++)
        {
            var kind = random.Pick(kinds);
            var onlyNodes = kind is FaultKind.Crash or FaultKind.CrashInSync or FaultKind.Pause or FaultKind.SlowDisk;
            var target = profile.Moments.Count > 0 && random.Chance(0.5)
                ? ScheduledFault.Moment + random.Pick(profile.Moments) : random.Pick(onlyNodes || random.Chance(0.6) ? servers : all);
            var other = kind is FaultKind.Partition or FaultKind.OneWay or FaultKind.Slow ? OtherEnd(target, servers, clients, random) : "";
            faults[i] = new ScheduledFault(
                kind, target, other, random.Next((int)during.TotalMilliseconds),
                DurationMs(kind, profile, random), Amount(kind, profile, random));
        }
        return faults;
    }

    private static IEnumerable<ScheduledFault> DrawScenes(RandomStream random, FaultProfile profile, string[] nodes, TimeSpan during)
    {
        if (profile.Scenes.Count == 0)
            yield break;
        for (var left = 1 + random.Next(ScenesMax); left > 0; left--)
        {
            random.Shuffle(nodes.AsSpan());
            var start = random.Next((int)during.TotalMilliseconds);
            var pace = random.Pick([0.7, 1, 1.5]);
            foreach (var fault in random.Pick(profile.Scenes).Faults)
            {
                yield return fault with
                {
                    Target = Played(fault.Target, nodes), Other = Played(fault.Other, nodes),
                    AtMs = start + (int)(fault.AtMs * pace), ForMs = (int)(fault.ForMs * pace),
                };
            }
        }
    }

    private static string Played(string part, string[] nodes) =>
        part.StartsWith('#') ? nodes[int.Parse(part.AsSpan(1), CultureInfo.InvariantCulture) - 1] : part;

    private static IEnumerable<ScheduledFault> DrawDiskFaults(
        RandomStream random, FaultProfile profile, string[] nodes, int most, TimeSpan during)
    {
        FaultKind[] kinds = [.. profile.Kinds.Where(k => IsOfDisk(k) && random.Chance(0.4))];
        var count = Math.Min(1 + random.Next(DiskFaultsMax), most);
        for (var i = 0; i < count && kinds.Length > 0; i++)
        {
            var kind = random.Pick(kinds);
            yield return new ScheduledFault(
                kind, random.Pick(nodes), kind == FaultKind.DiskError ? random.Pick(DiskOperations) : "",
                random.Next((int)during.TotalMilliseconds), DurationMs(kind, profile, random), Amount(kind, profile, random));
        }
    }

    private static IEnumerable<ScheduledFault> DrawResets(
        RandomStream random, FaultProfile profile, string[] servers, IReadOnlyCollection<string> clients, int most, TimeSpan during)
    {
        // Often enough to be met, and three runs of four stay what they were before there were resets.
        if (!profile.Kinds.Contains(FaultKind.Reset) || !random.Chance(0.25))
            yield break;
        var count = Math.Min(1 + random.Next(ResetsMax), most);
        for (var i = 0; i < count; i++)
        {
            var target = random.Pick(servers);
            var other = OtherEnd(target, servers, clients, random);
            yield return new ScheduledFault(FaultKind.Reset, target, other, random.Next((int)during.TotalMilliseconds), ForMs: 0);
        }
    }

    private static bool IsOfDisk(FaultKind kind) => kind is FaultKind.DiskError or FaultKind.DiskFull;

    private static string OtherEnd(string target, string[] servers, IReadOnlyCollection<string> clients, RandomStream random)
    {
        // Clients do not talk to each other.
        string[] others = [.. servers.Where(s => s != target), .. clients.Contains(target) ? [] : clients];
        if (others.Length == 0 || random.Chance(0.25))
            return "*";
        // Nodes that lost each other and still reach their clients: what stale leaders are made of.
        return servers.Length > 1 && random.Chance(0.35) ? "@nodes" : random.Pick(others);
    }

    // Short outages are as telling as long ones, so lengths are spread over their magnitudes.
    private static int DurationMs(FaultKind kind, FaultProfile profile, RandomStream random)
    {
        var max = kind is FaultKind.Slow or FaultKind.ClockDrift or FaultKind.ClockJump or FaultKind.SlowDisk
            ? profile.OutageMsMax * 4 : profile.OutageMsMax;
        return Math.Max(1, max >> random.Next(6)) + random.Next(Math.Max(1, max / 16));
    }

    private static int Amount(FaultKind kind, FaultProfile profile, RandomStream random) => kind switch
    {
        FaultKind.Slow => 1 + random.Next(profile.SlowMsMax >> random.Next(3)),
        FaultKind.SlowDisk => 1 + random.Next(profile.SyncMsMax),
        FaultKind.CrashInSync => 1 + random.Next(SyncsMax),
        FaultKind.ClockDrift => random.Next(-profile.DriftPpmMax, profile.DriftPpmMax + 1),
        FaultKind.ClockJump => random.Next(-profile.JumpMsMax, profile.JumpMsMax + 1),
        FaultKind.DiskError => 1 + random.Next(4),
        FaultKind.DiskFull => random.Next(profile.DiskBytesMax),
        _ => 0,
    };
}
