using System.CommandLine;

namespace Microcosm.SideBySide.Nginx;

/// <summary>Ours, nginx and HAProxy under wrk and h2load; what attacks do; what reloads do.</summary>
internal sealed class NginxComparison : Comparison
{
    private const int Connections = 10_000;
    private const string Idle = "idle connections";
    private const string Reload = "reloads";

    private static readonly Peer Proxy = new("haproxy", "haproxy");

    public override string Name => "nginx";

    public override (string Project, string Program) Ours => ("products/Nginx", "nginx");

    public override IReadOnlyList<Option> Options =>
        [SideBySide.Options.Seconds, SideBySide.Options.Floods, SideBySide.Options.Reloads];

    // The server behind the proxies is the real nginx in any case.
    public override IEnumerable<Peer> Needs(Run run) =>
    [
        new("nginx", "nginx"), new("wrk", "wrk"), new("h2load", "nghttp2-client"), new("openssl", "openssl"), new("taskset", "util-linux"),
    ];

    public override async Task MeasureAsync(Run run)
    {
        using var configurations = new Configurations();
        using var origin = new EdgeServer(
            new Edge("origin", Configurations.OriginPort, IsProxyOnly: false, () => ["nginx", "-c", configurations.Origin]));
        if (run.Get(SideBySide.Options.Floods))
            await AttackAsync(run, configurations);
        if (run.Get(SideBySide.Options.Reloads))
            SeeReloads(run, run.Begin("nginx-reloads", "NGINX under reloads", "").Add("", Reloads.Text), configurations);
        if (!run.Get(SideBySide.Options.Floods) && !run.Get(SideBySide.Options.Reloads))
            Compare(run, configurations);
    }

    private static void Compare(Run run, Configurations configurations)
    {
        var seconds = run.Seconds(usual: 5, quick: 2);
        var report = run.Begin("nginx", "NGINX, side by side", $"{run.RoundsText} of {seconds} s; one worker each on the first core, "
            + "load on the second.");
        List<Edge> edges = [.. Edge.OfRun(run, configurations)];
        if (Proxy.IsThere && run.HasPeers)
            edges.Add(Edge.HaProxy(configurations));
        else if (run.HasPeers)
            report.Note($"No HAProxy: missing {Proxy}.");
        var section = report.Add("");
        var loads = run.Choose("", EdgeLoads.All(seconds, warmSeconds: run.IsQuick ? 2 : 8));
        if (loads.Count > 0 && run.Rounds > 0)
        {
            var servers = edges.Select(e => e.Start()).ToList();
            Turns.Warm(servers, loads);
            foreach (var round in run.EachRound("nginx"))
                Turns.Take(section, round, servers, loads);
            servers.ForEach(s => s.Dispose());
        }
        // Of servers that have done nothing else: memory that a load has left behind would hide what connections take.
        foreach (var edge in run.Wants("", Idle) ? edges.Where(e => !e.IsProxyOnly) : [])
        {
            using var server = edge.Start();
            section.Figures.See(server.Name, Idle, $"bytes each, of {Connections:N0}", IdleConnections.BytesEach(server, Connections));
        }
        if (run.Wants("", Reload))
            SeeReloads(run, report.Add("Reloads", Reloads.Text), configurations);
    }

    private static void SeeReloads(Run run, Section section, Configurations configurations)
    {
        var seconds = run.Get(SideBySide.Options.Reloads) ? run.Seconds(usual: 60, quick: 10) : run.IsQuick ? 10 : 60;
        foreach (var edge in Edge.OfRun(run, configurations).Where(e => e.Name != "nginx"))
        {
            using var server = edge.Start();
            Reloads.See(section, server, seconds);
        }
    }

    // Each on a server that has just started.
    private static async Task AttackAsync(Run run, Configurations configurations)
    {
        var seconds = run.Seconds(usual: 10, quick: 2);
        await File.WriteAllBytesAsync(configurations.Folder + "/html/100m.txt", new byte[100 << 20]);
        using var endless = new EndlessOrigin();
        var figures = run.Begin("nginx-floods", "NGINX under attack", $"Each attack lasts {seconds} s, on a server that has just started; "
            + "one worker. Memory is the resident set of all processes: before, the most, and 3 s after. Meanwhile another client asks for "
            + "1 KiB ten times a second, each time anew.").Add("").Figures;
        foreach (var attack in Attacks.All.Where(a => run.Wants("", a.Name)))
        {
            foreach (var edge in Edge.OfRun(run, configurations))
            {
                Console.Error.WriteLine($"{attack.Name}: {edge.Name}");
                using var server = edge.Start();
                await FloodRun.SeeAsync(figures, server, attack, seconds);
            }
        }
    }
}
