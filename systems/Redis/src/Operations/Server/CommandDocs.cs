namespace Microcosm.Redis;

/// <summary>COMMAND DOCS: what redis-cli shows as help and hints.</summary>
internal static class CommandDocs
{
    [RedisCommand("COMMAND|DOCS", -2, Flags = CommandCommand.Flags, Since = "7.0.0", Group = "server",
        Summary = "Get array of specific Redis command documentation", Complexity = "O(N) where N is the number of commands to look up",
        Syntax = "[command-name...]",
        Tips = "nondeterministic_output_order")]
    public static void Execute(ref RedisCall call)
    {
        var indexes = new List<int>();
        if (call.Count == 2)
            indexes = CommandCommand.TopLevel();
        for (var i = 2; i < call.Count; i++)
        {
            if (CommandCommand.Find(call[i]) is >= 0 and var index)
                indexes.Add(index);
        }
        Write(call.Reply, indexes);
    }

    private static void Write(RespWriter reply, List<int> indexes)
    {
        reply.Map(indexes.Count);
        foreach (var index in indexes)
        {
            var declared = RedisCommands.All[index].Declaration;
            var arguments = CommandSyntax.Parse(declared.Syntax);
            var subs = CommandCommand.Subcommands(index);
            var isDeprecated = declared.Deprecated.Length > 0;
            reply.Bulk(declared.Name.ToLowerInvariant());
            reply.Map(3 + One(declared.Complexity.Length) + (isDeprecated ? 3 : 0) + One(arguments.Count) + One(subs.Count));
            Pair(reply, "summary", declared.Summary);
            Pair(reply, "since", declared.Since);
            Pair(reply, "group", declared.Group);
            if (declared.Complexity.Length > 0)
                Pair(reply, "complexity", declared.Complexity);
            if (isDeprecated)
                WriteDeprecation(reply, declared.Deprecated);
            if (arguments.Count > 0)
            {
                var keys = 0;
                reply.Bulk("arguments"u8);
                WriteArguments(reply, arguments, ref keys);
            }
            if (subs.Count > 0)
            {
                reply.Bulk("subcommands"u8);
                Write(reply, subs);
            }
        }
    }

    private static void WriteDeprecation(RespWriter reply, string text)
    {
        var space = text.IndexOf(' ');
        reply.Bulk("doc_flags"u8);
        reply.Set(1);
        reply.Simple("deprecated");
        Pair(reply, "deprecated_since", text[..space]);
        Pair(reply, "replaced_by", text[(space + 1)..]);
    }

    // Keys are numbered in their order, as the key specifications are.
    private static void WriteArguments(RespWriter reply, IReadOnlyList<SyntaxArgument> arguments, ref int keys)
    {
        reply.Array(arguments.Count);
        foreach (var argument in arguments)
        {
            var isKey = argument.Type == "key";
            var (hasFlags, isGroup) = (argument.Flags.Count > 0, argument.Arguments.Count > 0);
            reply.Map(2 + (isKey ? 1 : 0) + (argument.Token is null ? 0 : 1) + One(argument.Flags.Count) + One(argument.Arguments.Count));
            Pair(reply, "name", argument.Name);
            Pair(reply, "type", argument.Type);
            if (isKey)
            {
                reply.Bulk("key_spec_index"u8);
                reply.Integer(keys++);
            }
            if (argument.Token is { } token)
                Pair(reply, "token", token);
            if (hasFlags)
            {
                reply.Bulk("flags"u8);
                reply.Set(argument.Flags.Count);
                foreach (var flag in argument.Flags)
                    reply.Simple(flag);
            }
            if (isGroup)
            {
                reply.Bulk("arguments"u8);
                WriteArguments(reply, argument.Arguments, ref keys);
            }
        }
    }

    private static int One(int count) => count > 0 ? 1 : 0;

    private static void Pair(RespWriter reply, string name, string value)
    {
        reply.Bulk(name);
        reply.Bulk(value);
    }
}
