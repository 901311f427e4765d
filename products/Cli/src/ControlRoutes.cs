using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microcosm.Runtime;

namespace Microcosm.Cli;

/// <summary>What the control API does, a line a route. Arguments come as a JSON object; null means that there is no such route.</summary>
internal static class ControlRoutes
{
    private static readonly JsonSerializerOptions InsideFormat = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static async Task<JsonNode?> RunAsync(World world, string method, string path, JsonObject body, Action stop)
    {
        var parts = path.Trim('/').Split('/');
        switch (method, parts)
        {
            case ("GET", ["world"]):
                return Describe(world);
            case ("GET", ["endpoints"]):
                return Ready.Describe(world);
            case ("GET", ["logs"]):
                return Logs(world.Nodes);
            case ("GET", ["logs", var name]):
                return Logs([world.Node(name)]);
            case ("GET", ["unserved"]):
                return new JsonArray([.. world.Unserved.All.Select(o => new JsonObject { ["operation"] = o.Name, ["asked"] = o.Count })]);
            case ("GET", ["faults"]):
                return Faults(world);
            case ("POST", ["faults"]):
                return new JsonObject { ["id"] = world.Faults.Add(Text(body, "rule")).Id };
            case ("DELETE", ["faults"]):
                world.Faults.Clear();
                return new JsonObject();
            case ("GET", ["nodes", var name, "inside"]):
                return await InsideAsync(world.Node(name));
            case ("GET", ["nodes", var name, "inside", var part]):
                var inside = (JsonObject)await InsideAsync(world.Node(name));
                return inside.ContainsKey(part) ? new JsonObject { [part] = inside[part]?.DeepClone() }
                    : throw new KeyNotFoundException($"{name} shows no '{part}', but {string.Join(", ", inside.Select(p => p.Key))}");
            case ("POST", ["chubby", var client, var verb]):
                return await ChubbyClients.Of(world).RunAsync(client, verb, body);
            case ("POST", ["nodes", var name, var action]):
                await NodeAsync(world.Node(name), action, body);
                return DescribeNode(world.Node(name));
            case ("POST", ["links", var action]):
                Link(world, action, body);
                return LinksOf(world);
            case ("GET", ["links"]):
                return LinksOf(world);
            case ("POST", ["clock", var action]):
                Clock(world, action, body);
                return new JsonObject { ["now"] = world.Clock.Now.ToString("O", CultureInfo.InvariantCulture),
                    ["scale"] = world.Clock.Scale };
            case ("POST", ["snapshot", "save"]):
                await using (var file = File.Create(Text(body, "file")))
                    await world.SaveSnapshotAsync(file);
                return new JsonObject();
            case ("POST", ["snapshot", "load"]):
                await using (var file = File.OpenRead(Text(body, "file")))
                    await world.LoadSnapshotAsync(file);
                return new JsonObject();
            case ("POST", ["reset"]):
                await world.ResetAsync();
                return new JsonObject();
            case ("POST", ["stop"]):
                stop();
                return new JsonObject();
            default:
                return null;
        }
    }

    private static async Task<JsonNode> InsideAsync(RunningNode node)
    {
        // A paused node would keep the caller waiting for ever.
        if (node.State != NodeState.Running)
            throw new InvalidOperationException($"{node.Name} is {node.State.ToString().ToLowerInvariant()}");
        return JsonSerializer.SerializeToNode(await node.InsideAsync(), InsideFormat)
            ?? throw new InvalidOperationException($"{node.Name} shows nothing of its inside");
    }

    private static JsonObject Describe(World world) => new()
    {
        ["seed"] = world.Seed.Value,
        ["now"] = world.Clock.Now.ToString("O", CultureInfo.InvariantCulture),
        ["scale"] = world.Clock.Scale,
        ["nodes"] = new JsonArray([.. world.Nodes.Select(DescribeNode)]),
    };

    private static JsonObject DescribeNode(RunningNode node) => new()
    {
        ["name"] = node.Name,
        ["state"] = node.State.ToString().ToLowerInvariant(),
        ["endpoint"] = node.Endpoint,
        ["restarts"] = node.Restarts,
        ["failure"] = node.Failure,
    };

    private static JsonArray Logs(IEnumerable<RunningNode> nodes) =>
        new([.. nodes.SelectMany(n => n.Log.Lines).OrderBy(l => l.At).Select(l => new JsonObject
        {
            ["at"] = l.At.ToString("O", CultureInfo.InvariantCulture),
            ["node"] = l.Node,
            ["severity"] = l.Severity.ToString().ToLowerInvariant(),
            ["message"] = l.Message,
        })]);

    private static JsonObject Faults(World world) => new()
    {
        ["rules"] = new JsonArray([.. world.Faults.Rules.Select(r =>
            new JsonObject { ["id"] = r.Id, ["rule"] = r.ToString(), ["matched"] = r.Matched, ["fired"] = r.FiredCount })]),
        ["fired"] = new JsonArray([.. world.Faults.Fired.Select(f => new JsonObject
        {
            ["at"] = f.At.ToString("O", CultureInfo.InvariantCulture),
            ["rule"] = f.RuleId,
            ["node"] = f.Node,
            ["connection"] = f.ConnectionId,
            ["operation"] = f.Operation,
            ["ordinal"] = f.Ordinal,
        })]),
    };

    private static JsonArray LinksOf(World world) =>
        new([.. world.Links.Disturbed.Select(l => new JsonObject
        {
            ["from"] = l.From,
            ["to"] = l.To,
            ["cut"] = l.State.IsCut,
            ["latencyMs"] = l.State.LatencyMs,
            ["jitterMs"] = l.State.JitterMs,
            ["bytesPerSecond"] = l.State.BytesPerSecond,
        })]);

    private static async Task NodeAsync(RunningNode node, string action, JsonObject body)
    {
        switch (action)
        {
            case "kill": await node.KillAsync(); break;
            case "restart": await node.RestartAsync(); break;
            case "reload": await node.ReloadAsync(); break;
            case "erase": await node.EraseAsync(); break;
            case "pause": node.Pause(); break;
            case "resume": node.Resume(); break;
            case "skew": node.Skew(Durations.Parse(Text(body, "by"))); break;
            default:
                throw new ArgumentException($"A node can be killed, restarted, reloaded, erased, paused, resumed, skewed, not '{action}'");
        }
    }

    private static void Link(World world, string action, JsonObject body)
    {
        var (a, b) = (Text(body, "a"), Text(body, "b"));
        switch (action)
        {
            case "cut": world.Links.Cut(a, b); break;
            case "heal": world.Links.Heal(a, b); break;
            case "slow":
                var jitter = body["jitter"] is { } more ? Durations.Parse(more.ToString()) : TimeSpan.Zero;
                var bandwidth = body["bandwidth"] is { } rate ? ByteSizes.Parse(rate.ToString()) : 0;
                world.Links.Slow(a, b, Durations.Parse(Text(body, "latency")).TotalMilliseconds, jitter.TotalMilliseconds, bandwidth);
                break;
            default: throw new ArgumentException($"A link can be cut, slowed and healed, not '{action}'");
        }
    }

    private static void Clock(World world, string action, JsonObject body)
    {
        switch (action)
        {
            case "advance": world.Clock.Advance(Forward(Text(body, "by"))); break;
            case "pause": world.Clock.Pause(); break;
            case "resume": world.Clock.Resume(); break;
            case "scale": world.Clock.Scale = Rate(Text(body, "rate")); break;
            default: throw new ArgumentException($"The clock can be advanced, paused, resumed and scaled, not '{action}'");
        }
    }

    private static TimeSpan Forward(string text) =>
        Durations.Parse(text) is { Ticks: >= 0 } by ? by : throw new FormatException($"'{text}': time does not go back");

    private static double Rate(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var rate) && double.IsFinite(rate) && rate >= 0
            ? rate
            : throw new FormatException($"'{text}': a rate is 0 or more world seconds per second");

    private static string Text(JsonObject body, string name) =>
        body[name]?.ToString() ?? throw new ArgumentException($"The request lacks \"{name}\"");
}
