namespace Microcosm.Redis;

/// <summary>COMMAND and its subcommands, made from the operations' own declarations.</summary>
internal static class CommandCommand
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Loading | RedisCommandFlags.Stale;

    [RedisCommand("COMMAND", -1, Flags = Flags, Since = "2.8.13", Group = "server", Summary = "Get array of Redis command details",
        Complexity = "O(N)")]
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
        Summary = "Get array of specific Redis command details, or all when no argument is given.", Complexity = "O(N)")]
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
        Complexity = "O(N)")]
    public static void List(ref RedisCall call)
    {
        byte[]? pattern = null;
        if (call.Count == 5 && call.Is(2, "FILTERBY"u8) && call.Is(3, "PATTERN"u8))
            pattern = call.Copy(4);
        else if (call.Count != 2)
        {
            call.SyntaxError();
            return;
        }
        var names = new List<string>();
        foreach (var index in TopLevel())
        {
            var name = RedisCommands.All[index].Declaration.Name.ToLowerInvariant();
            if (pattern is null || Glob.Matches(pattern, System.Text.Encoding.ASCII.GetBytes(name), ignoreCase: true))
                names.Add(name);
        }
        call.Reply.Array(names.Count);
        foreach (var name in names)
            call.Reply.Bulk(name);
    }

    [RedisCommand("COMMAND|GETKEYS", -3, Flags = Flags, Since = "2.8.13", Group = "server",
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

    [RedisCommand("COMMAND|DOCS", -2, Flags = Flags, Since = "7.0.0", Group = "server",
        Summary = "Get array of specific Redis command documentation", Complexity = "O(N)")]
    public static void Docs(ref RedisCall call)
    {
        var indexes = new List<int>();
        if (call.Count == 2)
            indexes = TopLevel();
        for (var i = 2; i < call.Count; i++)
        {
            if (Find(call[i]) is >= 0 and var index)
                indexes.Add(index);
        }
        call.Reply.Map(indexes.Count);
        foreach (var index in indexes)
        {
            var declared = RedisCommands.All[index].Declaration;
            call.Reply.Bulk(declared.Name.ToLowerInvariant());
            call.Reply.Map(4);
            Pair(call.Reply, "summary", declared.Summary);
            Pair(call.Reply, "since", declared.Since);
            Pair(call.Reply, "group", declared.Group);
            Pair(call.Reply, "complexity", declared.Complexity);
        }
    }

    private static void Pair(RespWriter reply, string name, string value)
    {
        reply.Bulk(name);
        reply.Bulk(value);
    }

    // "config|get" names a subcommand.
    private static int Find(ReadOnlySpan<byte> name)
    {
        var bar = name.IndexOf((byte)'|');
        if (bar < 0)
            return RedisCommands.IndexOf(name);
        var parent = RedisCommands.IndexOf(name[..bar]);
        return parent < 0 ? -1 : RedisCommands.IndexOfSub(parent, name[(bar + 1)..]);
    }

    private static List<int> TopLevel()
    {
        var indexes = new List<int>();
        for (var i = 0; i < RedisCommands.All.Length; i++)
        {
            if (!RedisCommands.All[i].Declaration.Name.Contains('|'))
                indexes.Add(i);
        }
        return indexes;
    }

    private static void Describe(RespWriter reply, int index)
    {
        var declared = RedisCommands.All[index].Declaration;
        var subs = new List<int>();
        for (var i = 0; RedisCommands.HasSubcommands(index) && i < RedisCommands.All.Length; i++)
        {
            if (RedisCommands.All[i].Declaration.Name.StartsWith(declared.Name + "|", StringComparison.Ordinal))
                subs.Add(i);
        }
        reply.Array(10);
        reply.Bulk(declared.Name.ToLowerInvariant());
        reply.Integer(declared.Arity);
        CommandFlagNames.Write(reply, declared.Flags);
        reply.Integer(declared.FirstKey);
        reply.Integer(declared.LastKey);
        reply.Integer(declared.KeyStep);
        CommandFlagNames.WriteCategories(reply, declared);
        reply.Array(0);
        reply.Array(0);
        reply.Array(subs.Count);
        foreach (var sub in subs)
            Describe(reply, sub);
    }
}
