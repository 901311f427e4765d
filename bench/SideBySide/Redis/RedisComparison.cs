namespace Microcosm.SideBySide.Redis;

/// <summary>Ours, Redis and Garnet under redis-benchmark.</summary>
internal sealed class RedisComparison : Comparison
{
    private const int Keys = 1_000_000;

    private static readonly Peer Real = new("redis-server", "redis-server");
    private static readonly Peer Generator = new("redis-benchmark", "redis-tools");

    public override string Name => "redis";

    public override IEnumerable<Peer> Needs(Run run) => run.HasPeers ? [Real, Generator] : [Generator];

    public override Task MeasureAsync(Run run)
    {
        var report = run.Begin("redis", "Redis, side by side", $"{run.RoundsText}, the servers started anew in each. "
            + $"Memory is the growth of the resident set over {Keys:N0} keys of 16 bytes with values of 3.");
        var hasGarnet = run.HasPeers && Published.TryBuild("build", "bench/garnet.cs", "garnet");
        if (run.HasPeers && !hasGarnet)
            report.Note("No Garnet: its NuGet package is not to be had.");
        foreach (var appendOnly in new[] { false, true })
        {
            var title = appendOnly ? "appendonly yes, appendfsync everysec" : "No persistence";
            var starts = new List<Func<RedisServer>>();
            if (run.HasPeers)
                starts.Add(() => RedisServer.StartRedis(run, appendOnly));
            foreach (var ours in run.Ours)
                starts.Add(() => RedisServer.StartOurs(ours, run, appendOnly));
            // Its log is not like Redis'.
            if (hasGarnet && !appendOnly)
                starts.Add(() => RedisServer.StartGarnet(run));
            Measure(run, report.Add(title), starts);
        }
        return Task.CompletedTask;
    }

    private static void Measure(Run run, Section section, List<Func<RedisServer>> starts)
    {
        var loads = run.Choose(section.Title, RedisLoads.All(run));
        var memory = run.Wants(section.Title, "memory");
        foreach (var round in loads.Count > 0 || memory ? run.EachRound(section.Title) : [])
        {
            var servers = starts.Select(start => start()).ToList();
            foreach (var server in servers)
            {
                section.Figures.See(server.Name, "start", "first reply, ms", server.StartMs);
                section.Figures.See(server.Name, "idle", "RSS, MiB", server.ResidentBytes / 1048576.0);
            }
            Turns.Warm(servers, loads);
            Turns.Take(section, round, servers, loads);
            servers.ForEach(s => s.Dispose());
            foreach (var start in memory ? starts : [])
            {
                using var server = start();
                var bytes = server.BytesEach(Keys, () => RedisLoads.Fill(server.Port, Keys, valueBytes: 3));
                section.Figures.See(server.Name, "memory", "bytes a small key", bytes);
            }
        }
    }
}
