namespace Microcosm.Runtime;

/// <summary>The actions of rules that begin with <c>connect.</c>: <c>refuse</c>, <c>black-hole</c>.</summary>
internal static class ConnectFaultGrammar
{
    public const string Prefix = "connect.";
    public const string Actions = "refuse, black-hole";

    public static ConnectionFault Read(ConnectionFault before, string name, string value)
    {
        if (before.Action != ConnectionFaultAction.None)
            throw new FormatException($"A rule has one action; '{name}' is a second one");
        return (name, value) switch
        {
            ("refuse", "") => new ConnectionFault(ConnectionFaultAction.Refuse),
            ("black-hole", "") => new ConnectionFault(ConnectionFaultAction.BlackHole),
            ("refuse" or "black-hole", _) => throw new FormatException($"'{name}' of a connection takes no value"),
            _ => throw new FormatException($"Unknown word '{name}' in a connect rule; its actions are {Actions}"),
        };
    }

    public static string Print(ConnectionFault fault) => fault.Action == ConnectionFaultAction.Refuse ? "refuse" : "black-hole";
}
