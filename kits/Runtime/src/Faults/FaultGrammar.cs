using System.Globalization;

namespace Microcosm.Runtime;

/// <summary>
/// Rules as text: <c>OPERATION [node=N] [client=C] [target=PATTERN] [nth=N | every=N | p=0.01] [limit=N] ACTION</c>, where ACTION is one of
/// <c>drop-reply</c>, <c>close-before</c>, <c>delay=20ms</c>, <c>refuse="ERROR text"</c>, <c>kill-node</c>, <c>pause-node</c>.
/// For example <c>redis.SET nth=3 drop-reply</c>. HTTP requests are told apart by <c>host=</c>, <c>location=</c> and <c>upstream=</c> too
/// (<see cref="HttpRoute"/>), patterns as the target. Rules for disks have actions of their own: <see cref="DiskFaultGrammar"/>. A rule
/// that begins with <c>connect.SYSTEM</c> or <c>bytes.SYSTEM</c> is about new connections to the system's nodes, and its client is the name
/// that links know: <c>connect.redis nth=3 refuse</c>, <c>bytes.redis down latency=20ms</c>; see <see cref="ConnectFaultGrammar"/> and
/// <see cref="BytesFaultGrammar"/>.
/// </summary>
internal static class FaultGrammar
{
    private const string OperationActions = "drop-reply, close-before, delay=20ms, refuse=\"…\", kill-node, pause-node";

    private delegate ConnectionFault ActionReader(ConnectionFault before, string name, string value);

    // A line a depth: the prefix of its rules, who reads their actions, and what these are.
    private static readonly (string Prefix, ActionReader Read, string Actions)[] ConnectionDepths =
    [
        (ConnectFaultGrammar.Prefix, ConnectFaultGrammar.Read, ConnectFaultGrammar.Actions),
        (BytesFaultGrammar.Prefix, BytesFaultGrammar.Read, BytesFaultGrammar.Actions),
    ];

    /// <summary>Reads a rule. Throws <see cref="FormatException"/> that says what is wrong and where.</summary>
    public static FaultRule Parse(string text)
    {
        var words = Split(text);
        if (words.Count == 0 || !words[0].Contains('.'))
            throw new FormatException("A fault rule begins with an operation: redis.SET, redis.*");
        string? node = null, client = null, target = null;
        long nth = 0, every = 0, limit = 0;
        var probability = 1.0;
        HttpRoute route = default;
        OperationFault? fault = null;
        ConnectionFault connection = default;
        var depth = ConnectionDepths.FirstOrDefault(d => words[0].StartsWith(d.Prefix, StringComparison.Ordinal));
        foreach (var word in words.Skip(1))
        {
            var equals = word.IndexOf('=');
            var name = equals < 0 ? word : word[..equals];
            var value = equals < 0 ? "" : word[(equals + 1)..];
            switch (name)
            {
                case "node": node = value; break;
                case "client": client = value; break;
                case "target" when depth.Read is null: target = value; break;
                case "host" when depth.Read is null: route = route with { Host = value }; break;
                case "location" when depth.Read is null: route = route with { Location = value }; break;
                case "upstream" when depth.Read is null: route = route with { Upstream = value }; break;
                case "nth": nth = Number(name, value); break;
                case "every": every = Number(name, value); break;
                case "limit": limit = Number(name, value); break;
                case "p": probability = Chance(value); break;
                default:
                    if (depth.Read is { } read)
                    {
                        connection = read(connection, name, value);
                        break;
                    }
                    if (fault is not null)
                        throw new FormatException($"A rule has one action; '{word}' is a second one");
                    fault = Action(name, value);
                    break;
            }
        }
        if (fault is null && connection.Action == ConnectionFaultAction.None)
            throw new FormatException($"The rule has no action: {depth.Actions ?? OperationActions}");
        var rule = new FaultRule
        {
            Operation = words[0],
            Node = node,
            Client = client,
            Target = target,
            Route = route,
            Nth = nth,
            Every = every,
            Probability = probability,
            Limit = limit,
            Fault = fault ?? default,
            Connection = connection,
        };
        return depth.Read is null ? DiskFaultGrammar.Checked(rule) : rule;
    }

    internal static string Print(FaultRule rule) => rule.Depth switch
    {
        FaultDepth.Connect => ConnectFaultGrammar.Print(rule.Connection),
        FaultDepth.Bytes => BytesFaultGrammar.Print(rule.Connection),
        _ => Print(rule.Fault),
    };

    internal static string Print(OperationFault fault) => fault.Action switch
    {
        OperationFaultAction.DropReply => "drop-reply",
        OperationFaultAction.CloseBefore => "close-before",
        OperationFaultAction.Delay => $"delay={fault.DelayMs.ToString(CultureInfo.InvariantCulture)}ms",
        OperationFaultAction.KillNode => "kill-node",
        OperationFaultAction.PauseNode => "pause-node",
        _ => DiskFaultGrammar.Print(fault) ?? $"refuse=\"{fault.Error}\"",
    };

    private static OperationFault Action(string name, string value) => name switch
    {
        "drop-reply" => new OperationFault(OperationFaultAction.DropReply),
        "close-before" => new OperationFault(OperationFaultAction.CloseBefore),
        "kill-node" => new OperationFault(OperationFaultAction.KillNode),
        "pause-node" => new OperationFault(OperationFaultAction.PauseNode),
        "delay" => new OperationFault(OperationFaultAction.Delay, DelayMs: Milliseconds(value)),
        "refuse" when value.Length > 0 => new OperationFault(OperationFaultAction.Refuse, value),
        _ => DiskFaultGrammar.Action(name, value) ?? throw new FormatException($"Unknown word '{name}' in a fault rule"),
    };

    private static long Number(string name, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException($"'{name}' takes a number from 1, not '{value}'");

    private static double Chance(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var chance) && chance is > 0 and <= 1
            ? chance
            : throw new FormatException($"'p' takes a chance above 0 and up to 1, not '{value}'");

    internal static int Milliseconds(string value)
    {
        var (digits, scale) = value.EndsWith("ms", StringComparison.Ordinal) ? (value[..^2], 1)
            : value.EndsWith('s') ? (value[..^1], 1000)
            : throw new FormatException($"'{value}' is not a time: write 20ms or 2s");
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= int.MaxValue / scale
            ? number * scale
            : throw new FormatException($"'{value}' is not a time: write 20ms or 2s");
    }

    // Words are split at spaces; "…" keeps spaces together.
    private static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var c in text)
        {
            if (c == '"')
                quoted = !quoted;
            else if (c != ' ' || quoted)
                word.Append(c);
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }
        if (quoted)
            throw new FormatException("A quote is not closed");
        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }
}
