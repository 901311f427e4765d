namespace Microcosm.Redis;

/// <summary>The replies of HELP subcommands, in the layout of <c>addReplyHelp</c>.</summary>
internal static class HelpText
{
    public static void Write(ref RedisCall call, string command, params ReadOnlySpan<(string Usage, string Text)> subcommands)
    {
        call.Reply.Array(subcommands.Length * 2 + 3);
        call.Reply.Simple($"{command} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        foreach (var (usage, text) in subcommands)
        {
            call.Reply.Simple(usage);
            call.Reply.Simple("    " + text);
        }
        call.Reply.Simple("HELP");
        call.Reply.Simple("    Prints this help.");
    }
}
