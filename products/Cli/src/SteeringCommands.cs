using System.CommandLine;
using System.Text.Json.Nodes;

namespace Microcosm.Cli;

/// <summary>The commands that look at a running world and steer it; each is one request of the control API.</summary>
internal static class SteeringCommands
{
    public static IEnumerable<Command> All() =>
    [
        Get("ps", "Show nodes and their state.", "/world", Tables.Nodes),
        Get("env", "Print connection strings as environment variables.", "/endpoints", Tables.Environment),
        Remote.Request("inside", "Show how a node is inside: roles, logs, leases, locks, watches, upstreams.", [NodeName, Part],
            p => (HttpMethod.Get, $"/nodes/{p.GetValue(NodeName)}/inside{Slash(p.GetValue(Part))}", null), Tables.Inside),
        Logs(),
        Get("unserved", "Show what clients asked for that is not implemented.", "/unserved", Tables.Unserved),
        Remote.Request("chubby", "Do something as a client of the cell, which lives in the world under a name of its own.",
            [ClientName, Verb, Subject, Text], p => Post($"/chubby/{p.GetValue(ClientName)}/{p.GetValue(Verb)}",
                [.. Given("subject", p.GetValue(Subject)), .. Given("text", p.GetValue(Text))]), a => Console.WriteLine(a["answer"])),
        Group("fault", "Say what is to fail.",
            Remote.Request("add", "Add a rule: redis.SET nth=3 drop-reply.", [Rule], p => Post("/faults", ("rule", p.GetValue(Rule)!)), a =>
                Console.WriteLine($"rule {a["id"]}")),
            Get("list", "Show rules and what they did.", "/faults", Tables.Faults),
            Remote.Request("clear", "Remove all rules.", [], _ => (HttpMethod.Delete, "/faults", null))),
        Group("node", "Kill, pause, restart, reload, erase or skew a node.",
            Node("kill", "Kill it where it stands; what it had not synced is lost or torn."),
            Node("pause", "Stop its turns; connections stay open and silent."),
            Node("resume", "Let it go on."),
            Node("restart", "Start it from its disk, killing it first if it runs; also one that stands by."),
            Node("reload", "Have it read its configuration again while it serves: nginx."),
            Node("erase", "Kill it and empty its disk, as if its machine were replaced."),
            Remote.Request("skew", "Put its wall clock off.", [NodeName, By], p =>
                Post($"/nodes/{p.GetValue(NodeName)}/skew", ("by", p.GetValue(By)!)))),
        Group("link", "Cut, slow or heal the link between two nodes (* is any, 'client' is who comes over a socket).",
            Remote.Request("cut", "Cut both directions.", [A, B], p => Link(p, "cut")),
            Remote.Request("slow", "Delay both directions.", [A, B, Latency, Jitter, Bandwidth], p => Link(p, "slow",
                [("latency", p.GetValue(Latency)!), .. Given("jitter", p.GetValue(Jitter)), .. Given("bandwidth", p.GetValue(Bandwidth))])),
            Remote.Request("heal", "Undisturb both directions.", [A, B], p => Link(p, "heal"))),
        Group("clock", "Move the world's time.",
            Remote.Request("advance", "Move it forward: TTLs and leases expire.", [By], p =>
                Post("/clock/advance", ("by", p.GetValue(By)!)), Tables.Clock),
            Remote.Request("scale", "Let it run at a rate.", [Rate], p => Post("/clock/scale", ("rate", p.GetValue(Rate)!)), Tables.Clock),
            Remote.Request("pause", "Let it stand.", [], _ => Post("/clock/pause"), Tables.Clock),
            Remote.Request("resume", "Let it run as real time does.", [], _ => Post("/clock/resume"), Tables.Clock)),
        Group("snapshot", "Save or load the state of all nodes.",
            Remote.Request("save", "Write it to a file.", [SnapshotFile], p =>
                Post("/snapshot/save", ("file", Path.GetFullPath(p.GetValue(SnapshotFile)!)))),
            Remote.Request("load", "Replace all state by a file's.", [SnapshotFile], p =>
                Post("/snapshot/load", ("file", Path.GetFullPath(p.GetValue(SnapshotFile)!))))),
        Remote.Request("reset", "Empty every disk and start every node anew.", [], _ => Post("/reset")),
        Remote.Request("down", "Stop the world.", [], _ => Post("/stop")),
    ];

    private static readonly Argument<string> Rule = new(
        "rule") { Description = "OPERATION|connect.SYSTEM|bytes.SYSTEM [node=N] [target=P] [host=P] [location=P] [upstream=P] "
            + "[nth=N|every=N|p=0.1] ACTION" };
    private static readonly Argument<string> NodeName = new("node") { Description = "redis-1" };
    private static readonly Argument<string> Part = new(
        "part") { Description = "Only that: raft, leases, locks …", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> ClientName = new("client") { Description = "Any name that no node has: alice" };
    private static readonly Argument<string> Verb = new(
        "verb") { Description = "read, write, ls, stat, rm, acquire, try, release, check, session or leave." };
    private static readonly Argument<string> Subject = new(
        "subject") { Description = "/path; for check a sequencer, or the client that has it.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Text = new(
        "text") { Description = "For write what to write; for acquire and try the lock-delay: 5s", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> By = new("by") { Description = "20ms, 2s, 5m, 2h, 7d" };
    private static readonly Argument<string> Rate = new("rate") { Description = "World seconds per second." };
    private static readonly Argument<string> A = new("a") { Description = "One end." };
    private static readonly Argument<string> B = new("b") { Description = "The other end." };
    private static readonly Argument<string> Latency = new("latency") { Description = "20ms" };
    private static readonly Argument<string> Jitter = new(
        "jitter") { Description = "Up to so much more: 5ms", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> Bandwidth = new(
        "bandwidth") { Description = "Bytes a second: 10kb", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string> SnapshotFile = new("file") { Description = "Path of the snapshot." };

    private static Command Logs()
    {
        var node = new Argument<string>("node") { Description = "One node; all when left out.", Arity = ArgumentArity.ZeroOrOne };
        return Remote.Request("logs", "Show the nodes' last log lines.", [node],
            p => (HttpMethod.Get, p.GetValue(node) is { } name ? $"/logs/{name}" : "/logs", null), Tables.Logs);
    }

    private static Command Get(string name, string description, string path, Action<JsonNode> print) =>
        Remote.Request(name, description, [], _ => (HttpMethod.Get, path, null), print);

    private static Command Node(string action, string description) =>
        Remote.Request(action, description, [NodeName], p => Post($"/nodes/{p.GetValue(NodeName)}/{action}"));

    private static (HttpMethod, string, JsonObject?) Link(ParseResult parsed, string action, params (string, string)[] more) =>
        Post($"/links/{action}", [("a", parsed.GetValue(A)!), ("b", parsed.GetValue(B)!), .. more]);

    private static string Slash(string? part) => part is null ? "" : "/" + part;

    private static (string, string)[] Given(string name, string? value) => value is null ? [] : [(name, value)];

    private static (HttpMethod, string, JsonObject?) Post(string path, params (string Name, string Value)[] body)
    {
        var json = new JsonObject();
        foreach (var (name, value) in body)
            json[name] = value;
        return (HttpMethod.Post, path, json);
    }

    private static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands)
            group.Add(command);
        return group;
    }
}
