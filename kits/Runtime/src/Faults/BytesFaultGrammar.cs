using System.Globalization;

namespace Microcosm.Runtime;

/// <summary>
/// The actions of rules that begin with <c>bytes.</c>: <c>latency=20ms</c>, <c>throttle=10kb</c> (a second), <c>cut-after=N</c>,
/// <c>reset-after=N</c>, after an optional <c>up</c> (client to server) or <c>down</c>.
/// </summary>
internal static class BytesFaultGrammar
{
    public const string Prefix = "bytes.";
    public const string Actions = "latency=20ms, throttle=10kb, cut-after=100, reset-after=1mb";

    public static ConnectionFault Read(ConnectionFault before, string name, string value)
    {
        if (name is "up" or "down" && value.Length == 0)
        {
            if (before.Direction != FlowDirection.Both)
                throw new FormatException("A rule has one direction: up, down, or neither for both");
            return before with { Direction = name == "up" ? FlowDirection.Up : FlowDirection.Down };
        }
        if (before.Action != ConnectionFaultAction.None)
            throw new FormatException($"A rule has one action; '{name}' is a second one");
        return name switch
        {
            "latency" => before with { Action = ConnectionFaultAction.Latency, Amount = FaultGrammar.Milliseconds(value) },
            "throttle" => before with { Action = ConnectionFaultAction.Throttle, Amount = ByteSizes.Parse(value) },
            "cut-after" => before with { Action = ConnectionFaultAction.CutAfter, Amount = ByteSizes.Parse(value) },
            "reset-after" => before with { Action = ConnectionFaultAction.ResetAfter, Amount = ByteSizes.Parse(value) },
            _ => throw new FormatException($"Unknown word '{name}' in a bytes rule; its actions are {Actions}, its directions up and down"),
        };
    }

    public static string Print(ConnectionFault fault)
    {
        var direction = fault.Direction switch { FlowDirection.Up => "up ", FlowDirection.Down => "down ", _ => "" };
        var amount = fault.Amount.ToString(CultureInfo.InvariantCulture);
        return direction + fault.Action switch
        {
            ConnectionFaultAction.Latency => $"latency={amount}ms",
            ConnectionFaultAction.Throttle => $"throttle={amount}",
            ConnectionFaultAction.CutAfter => $"cut-after={amount}",
            _ => $"reset-after={amount}",
        };
    }
}
