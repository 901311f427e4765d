namespace Microcosm.SideBySide;

/// <summary>Servers take turns: what else the machine does falls on all of them.</summary>
internal static class Turns
{
    /// <summary>Compiled code, grown buffers, what reads ask for.</summary>
    public static void Warm<T>(IReadOnlyList<T> servers, IReadOnlyList<Load<T>> loads)
        where T : Server
    {
        foreach (var server in servers)
        {
            foreach (var load in loads.Where(l => l.WarmAmount > 0 && l.IsFor(server)))
                load.Act(server, load.WarmAmount, new Meter(server));
        }
    }

    /// <summary>Each load to each server; who was first is last in the next round.</summary>
    public static void Take<T>(Section section, int round, IReadOnlyList<T> servers, IReadOnlyList<Load<T>> loads)
        where T : Server
    {
        foreach (var load in loads)
        {
            foreach (var server in (round % 2 == 0 ? servers : servers.Reverse()).Where(load.IsFor))
            {
                var meter = new Meter(server);
                meter.Begin();
                var outcome = load.Act(server, load.Amount, meter);
                meter.End();
                See(section, load, server.Name, outcome, meter);
            }
        }
    }

    private static void See<T>(Section section, Load<T> load, string server, Outcome outcome, Meter meter)
        where T : Server
    {
        section.Failed += outcome.Failed;
        if (outcome.Operations > 0)
            See($"{load.Plural}/s", double.IsNaN(outcome.PerSecond) ? outcome.Operations / meter.Seconds : outcome.PerSecond);
        See("median, ms", outcome.MedianMs);
        See("p99, ms", outcome.P99Ms);
        if (outcome.Operations == 0)
            return;
        See($"servers' CPU, us a {load.Noun}", meter.ServerCpuSeconds * 1e6 / outcome.Operations);
        // A peer in the client's process has its part in that, and none of its own.
        var servers = double.IsNaN(meter.ServerCpuSeconds) ? 0 : meter.ServerCpuSeconds;
        if (load.HasOwnClients)
            See($"servers' and clients' CPU, us a {load.Noun}", (servers + meter.OwnCpuSeconds) * 1e6 / outcome.Operations);

        void See(string figure, double value) => section.Figures.See(server, load.Name, figure, value);
    }
}
