using System.Globalization;
using System.Text;
using Microcosm.Edge;
using Microcosm.SideBySide;

// bench/nginx: ours, nginx and HAProxy under wrk and h2load, alternating in one run; medians; ratios to nginx. With --floods what attacks
// do, with --reloads what reloads do.
const int WarmSeconds = 8;
var isQuick = args.Contains("--quick");
var rounds = Option("--rounds", isQuick ? 1 : 5);
var seconds = Option("--seconds", isQuick ? 2 : 5);
var ours = Path.GetFullPath(args[0]);
var folder = Directory.CreateTempSubdirectory("edge").FullName;
var configurations = new Configurations(folder);
var figures = new Figures();
using var origin = EdgeServer.Start("origin", Configurations.OriginPort, folder, "nginx", "-c", folder + "/origin.conf");
if (await OtherAsync())
    return;
(string Name, string Path, int Connections)[] loads =
[
    ("return 1 KiB", "/return", 64), ("static 1 KiB", "/1k.txt", 64), ("static 1 MiB", "/1m.txt", 16),
    ("proxy 1 KiB", "/proxy/1k.txt", 64), ("proxy 64 KiB", "/proxy/64k.txt", 64),
];
var servers = new List<EdgeServer>();
var errors = 0L;
try
{
    servers.Add(EdgeServer.Start("nginx", 19082, folder, "nginx", "-c", configurations.Nginx("nginx", 19082)));
    servers.Add(EdgeServer.Start("ours", 19084, folder, ours, "-c", configurations.Nginx("ours", 19084)));
    if (File.Exists("/usr/sbin/haproxy"))
        servers.Add(EdgeServer.Start("HAProxy", 19086, folder, "/usr/sbin/haproxy", "-f", configurations.HaProxy(19086)));
    // Warm: compiled code, grown buffers, open upstream connections.
    foreach (var server in servers)
    {
        foreach (var load in Loads(server))
            EdgeLoad.Wrk(server.Port, load.Path, load.Connections, WarmSeconds);
        if (server.Name != "HAProxy")
            EdgeLoad.H2Load($"https://127.0.0.1:{server.Port + 1}/return", 16, 32, WarmSeconds);
    }
    for (var round = 0; round < rounds; round++)
    {
        Console.Error.WriteLine($"  round {round + 1} of {rounds}");
        foreach (var load in loads)
        {
            foreach (var server in servers.Where(s => Loads(s).Contains(load)))
                See(server, load.Name, () => EdgeLoad.Wrk(server.Port, load.Path, load.Connections, seconds));
        }
        foreach (var server in servers.Where(s => s.Name != "HAProxy"))
            See(server, "HTTP/2 over TLS, 1 KiB", () => EdgeLoad.H2Load($"https://127.0.0.1:{server.Port + 1}/return", 16, 32, seconds));
    }
    // Of servers that have done nothing else: memory that a load has left behind would hide what connections take.
    foreach (var (name, program, port) in new[] { ("nginx", "nginx", 19092), ("ours", ours, 19094) })
    {
        using var server = EdgeServer.Start(name, port, folder, program, "-c", configurations.Nginx(name + "-idle", port));
        figures.See(name, "10,000 idle connections, bytes each", IdleConnections.BytesEach(server, 10_000));
    }
    var reload = Reload(servers[1]);
    var text = new StringBuilder(
        $"# NGINX, side by side\n\n{Machine.Describe()}\nMade by `bench/nginx {string.Join(' ', args[1..])}`: "
        + $"{rounds} rounds of {seconds} s, "
        + "servers alternating, medians; one worker each on the first core, load on the second. CPU is user and system time of all the "
        + $"server's processes. Ratios are to nginx 1.22.1. Requests that failed in all runs: {errors}.\n\n");
    text.Append(figures.Table());
    text.Append(CultureInfo.InvariantCulture, $"\n{reload}\n");
    Report("nginx.md", text.ToString());
}
finally
{
    servers.ForEach(s => s.Dispose());
    Directory.Delete(folder, recursive: true);
}

IEnumerable<(string Name, string Path, int Connections)> Loads(EdgeServer server) =>
    server.Name == "HAProxy" ? loads.Where(l => l.Path.StartsWith("/proxy", StringComparison.Ordinal)) : loads;

void See(EdgeServer server, string load, Func<EdgeLoad.Result> run)
{
    var before = server.CpuSeconds;
    var result = run();
    errors += result.Errors;
    figures.See(server.Name, $"{load}, CPU us a request", (server.CpuSeconds - before) * 1e6 / result.Requests);
    figures.See(server.Name, $"{load}, requests/s", result.Requests / result.Seconds);
    if (!double.IsNaN(result.P99Ms))
        figures.See(server.Name, $"{load}, p99 ms", result.P99Ms);
}

async Task<bool> OtherAsync()
{
    if (args.Contains("--floods"))
    {
        var only = Array.IndexOf(args, "--only") is >= 0 and var o ? args[o + 1] : "";
        Report("nginx-floods.md", await Floods.RunAsync(ours, configurations, Option("--seconds", isQuick ? 2 : 10), only));
    }
    else if (args.Contains("--reloads"))
    {
        using var server = EdgeServer.Start("ours", 19084, folder, ours, "-c", configurations.Nginx("ours", 19084));
        Console.WriteLine(Reload(server));
    }
    else
    {
        return false;
    }
    Directory.Delete(folder, recursive: true);
    return true;
}

string Reload(EdgeServer server)
{
    var length = args.Contains("--reloads") ? Option("--seconds", 60) : isQuick ? 10 : 60;
    var result = Reloads.Run(server, length, 16, 10_000);
    return string.Create(CultureInfo.InvariantCulture,
        $"Reload each second under load for {length} s: {result.Requests:N0} requests, {result.Failed} failed, {result.Closed} connections "
        + $"closed, resident set {result.MiBBefore:0} MiB before, {result.MiBHalf:0} in the middle and {result.MiBAfter:0} MiB after.");
}

void Report(string name, string text)
{
    Console.Write(text);
    var results = Path.Combine(AppContext.BaseDirectory, "../../../../bench/results");
    if (!isQuick && !args.Contains("--only") && Directory.Exists(Path.Combine(results, "..")))
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(results).FullName, name), text);
}

int Option(string name, int otherwise) =>
    Array.IndexOf(args, name) is >= 0 and var i ? int.Parse(args[i + 1], CultureInfo.InvariantCulture) : otherwise;
