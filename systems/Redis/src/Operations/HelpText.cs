namespace Microcosm.Redis;

/// <summary>The replies of HELP subcommands, in the layout of <c>addReplyHelp</c>.</summary>
internal static class HelpText
{
    public static void Write(ref RedisCall call, string command, params ReadOnlySpan<(string Usage, string Text)> subcommands)
    {
        var lines = 3;
        foreach (var (_, text) in subcommands)
            lines += 1 + text.Split('\n').Length;
        call.Reply.Array(lines);
        call.Reply.Simple($"{command} <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
        foreach (var (usage, text) in subcommands)
        {
            call.Reply.Simple(usage);
            foreach (var line in text.Split('\n'))
                call.Reply.Simple("    " + line);
        }
        call.Reply.Simple("HELP");
        call.Reply.Simple("    Prints this help.");
    }
}
