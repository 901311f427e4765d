using System.Text;

namespace Microcosm.Redis;

/// <summary>COMMAND and its subcommands, made from the operations' own declarations.</summary>
internal static class CommandCommand
{
    internal const RedisCommandFlags Flags = RedisCommandFlags.Loading | RedisCommandFlags.Stale;

    [RedisCommand("COMMAND", -1, Flags = Flags, Since = "2.8.13", Group = "server", Summary = "Get array of Redis command details",
        Complexity = "O(N)",
        Tips = "nondeterministic_output_order")]
    public static void All(ref RedisCall call)
    {
        var indexes = TopLevel();
        call.Reply.Array(indexes.Count);
        foreach (var index in indexes)
            Describe(call.Reply, index);
    }

    [RedisCommand("COMMAND|COUNT", 2, Flags = Flags, Since = "2.8.13", Group = "server", Summary = "Get total number of Redis commands",
        Complexity = "O(1)")]
    public static void Count(ref RedisCall call) => call.Reply.Integer(TopLevel().Count);

    [RedisCommand("COMMAND|INFO", -2, Flags = Flags, Since = "2.8.13", Group = "server",
        Summary = "Get array of specific Redis command details, or all when no argument is given.", Complexity = "O(N)",
        Syntax = "[command-name...]",
        Tips = "nondeterministic_output_order")]
    public static void Info(ref RedisCall call)
    {
        if (call.Count == 2)
        {
            All(ref call);
            return;
        }
        call.Reply.Array(call.Count - 2);
        for (var i = 2; i < call.Count; i++)
        {
            var index = Find(call[i]);
            if (index < 0)
                call.Reply.NullArray();
            else
                Describe(call.Reply, index);
        }
    }

    [RedisCommand("COMMAND|LIST", -2, Flags = Flags, Since = "7.0.0", Group = "server", Summary = "Get an array of Redis command names",
        Complexity = "O(N)",
        Syntax = "[FILTERBY filterby(MODULE module-name|ACLCAT category|PATTERN pattern:pattern)]",
        Tips = "nondeterministic_output_order")]
    public static void List(ref RedisCall call)
    {
        if (call.Count != 2 && !(call.Count == 5 && call.Is(2, "FILTERBY"u8)))
        {
            call.SyntaxError();
            return;
        }
        Func<RedisCommandAttribute, byte[], bool> isWanted = (_, _) => true;
        if (call.Count == 5)
        {
            var (text, pattern) = (call.Text(4).ToLowerInvariant(), call.Copy(4));
            if (call.Is(3, "PATTERN"u8))
                isWanted = (_, name) => Glob.Matches(pattern, name, ignoreCase: true);
            else if (call.Is(3, "ACLCAT"u8))
                isWanted = (declared, _) => CommandFlagNames.Categories(declared).Contains("@" + text);
            else if (call.Is(3, "MODULE"u8))
                isWanted = (_, _) => false;
            else
            {
                call.SyntaxError();
                return;
            }
        }
        var names = new List<byte[]>();
        foreach (var command in RedisCommands.All)
        {
            var name = Encoding.ASCII.GetBytes(command.Declaration.Name.ToLowerInvariant());
            if (isWanted(command.Declaration, name))
                names.Add(name);
        }
        call.Reply.Array(names.Count);
        foreach (var name in names)
            call.Reply.Bulk(name);
    }

    [RedisCommand("COMMAND|HELP", 2, Flags = Flags, Since = "5.0.0", Group = "server",
        Summary = "Show helpful text about the different subcommands", Complexity = "O(1)")]
    public static void Help(ref RedisCall call) => HelpText.Write(ref call, "COMMAND",
        ("(no subcommand)", "Return details about all Redis commands."),
        ("COUNT", "Return the total number of commands in this Redis server."),
        ("LIST", "Return a list of all commands in this Redis server."),
        ("INFO [<command-name> ...]", "Return details about multiple Redis commands.\nIf no command names are given, documentation details "
            + "for all\ncommands are returned."),
        ("DOCS [<command-name> ...]", "Return documentation details about multiple Redis commands.\nIf no command names are given, "
            + "documentation details for all\ncommands are returned."),
        ("GETKEYS <full-command>", "Return the keys from a full Redis command."));

    [RedisCommand("COMMAND|GETKEYS", -4, Flags = Flags, Since = "2.8.13", Group = "server",
        Summary = "Extract keys given a full Redis command", Complexity = "O(N)")]
    public static void GetKeys(ref RedisCall call)
    {
        var index = Find(call[2]);
        if (index < 0)
        {
            call.Reply.Error("ERR Invalid command specified");
            return;
        }
        var declared = RedisCommands.All[index].Declaration;
        var count = call.Count - 2;
        if ((declared.Arity > 0 && count != declared.Arity) || count < -declared.Arity)
        {
            call.Reply.Error("ERR Invalid number of arguments specified for command");
            return;
        }
        var positions = CommandKeys.Positions(ref call, 2, declared);
        if (positions.Count == 0)
        {
            call.Reply.Error("ERR The command has no key arguments");
            return;
        }
        call.Reply.Array(positions.Count);
        foreach (var position in positions)
            call.Reply.Bulk(call[2 + position]);
    }

    /// <summary>A command's index by its name, <c>config|get</c> for a subcommand; negative for none.</summary>
    internal static int Find(ReadOnlySpan<byte> name)
    {
        var bar = name.IndexOf((byte)'|');
        if (bar < 0)
            return RedisCommands.IndexOf(name);
        var parent = RedisCommands.IndexOf(name[..bar]);
        return parent < 0 ? -1 : RedisCommands.IndexOfSub(parent, name[(bar + 1)..]);
    }

    /// <summary>All commands without their subcommands.</summary>
    internal static List<int> TopLevel()
    {
        var indexes = new List<int>();
        for (var i = 0; i < RedisCommands.All.Length; i++)
        {
            if (!RedisCommands.All[i].Declaration.Name.Contains('|'))
                indexes.Add(i);
        }
        return indexes;
    }

    /// <summary>The subcommands of a container.</summary>
    internal static List<int> Subcommands(int index)
    {
        var subs = new List<int>();
        for (var i = 0; RedisCommands.HasSubcommands(index) && i < RedisCommands.All.Length; i++)
        {
            if (RedisCommands.All[i].Declaration.Name.StartsWith(RedisCommands.All[index].Declaration.Name + "|", StringComparison.Ordinal))
                subs.Add(i);
        }
        return subs;
    }

    private static void Describe(RespWriter reply, int index)
    {
        var declared = RedisCommands.All[index].Declaration;
        var subs = Subcommands(index);
        reply.Array(10);
        reply.Bulk(declared.Name.ToLowerInvariant());
        reply.Integer(declared.Arity);
        CommandFlagNames.Write(reply, declared.Flags);
        reply.Integer(declared.FirstKey);
        reply.Integer(declared.LastKey);
        reply.Integer(declared.KeyStep);
        CommandFlagNames.WriteCategories(reply, declared);
        var tips = declared.Tips.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        reply.Array(tips.Length);
        foreach (var tip in tips)
            reply.Bulk(tip);
        KeySpecs.Write(reply, declared.Keys);
        reply.Array(subs.Count);
        foreach (var sub in subs)
            Describe(reply, sub);
    }
}
