using System.Text;

namespace Microcosm.Redis;

/// <summary>CONFIG GET, SET, RESETSTAT, REWRITE.</summary>
internal static class Config
{
    private const RedisCommandFlags Flags = RedisCommandFlags.Admin | RedisCommandFlags.NoScript | RedisCommandFlags.Loading
        | RedisCommandFlags.Stale;

    [RedisCommand("CONFIG", -2, Since = "2.0.0", Group = "server", Summary = "A container for server configuration commands",
        Complexity = "Depends on subcommand.")]
    public static void Container(ref RedisCall call) => call.Reply.Error(RedisErrors.WrongArity("CONFIG"));

    [RedisCommand("CONFIG|GET", -3, Flags = Flags, Since = "2.0.0", Group = "server",
        Summary = "Get the values of configuration parameters", Complexity = "O(N)",
        Syntax = "parameter{parameter}...")]
    public static void Get(ref RedisCall call)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, option) in OptionTable.All)
        {
            for (var i = 2; i < call.Count; i++)
            {
                if (Glob.Matches(call[i], Encoding.ASCII.GetBytes(name), ignoreCase: true))
                    found[name] = option.Get(call.Server.Options);
            }
        }
        call.Reply.Map(found.Count);
        foreach (var (name, value) in found)
        {
            call.Reply.Bulk(name);
            call.Reply.Bulk(value);
        }
    }

    [RedisCommand("CONFIG|SET", -4, Flags = Flags, Since = "2.0.0", Group = "server",
        Summary = "Set configuration parameters to the given values", Complexity = "O(N)",
        Syntax = "parameter_value{parameter value}...",
        Tips = "request_policy:all_nodes response_policy:all_succeeded")]
    public static void Set(ref RedisCall call)
    {
        if (call.Count % 2 != 0)
        {
            call.SyntaxError();
            return;
        }
        var options = call.Server.Options;
        var changes = new List<(RedisOption Option, string Value, string Before)>();
        for (var i = 2; i < call.Count; i += 2)
        {
            if (!OptionTable.TryFind(call.Text(i), out var option))
            {
                call.Reply.Error($"ERR Unknown option or number of arguments for CONFIG SET - '{call.Quote(i)}'");
                return;
            }
            if (option.IsImmutable)
            {
                call.Reply.Error($"ERR CONFIG SET failed (possibly related to argument '{call.Quote(i)}') - can't set immutable config");
                return;
            }
            if (changes.Exists(c => c.Option == option))
            {
                call.Reply.Error($"ERR CONFIG SET failed (possibly related to argument '{call.Quote(i)}') - duplicate parameter");
                return;
            }
            changes.Add((option, Encoding.UTF8.GetString(call[i + 1]), option.Get(options)));
        }
        // All or nothing: an option that is refused takes the earlier ones back.
        for (var i = 0; i < changes.Count; i++)
        {
            if (changes[i].Option.Set(options, changes[i].Value) is not { } problem)
                continue;
            for (var done = i - 1; done >= 0; done--)
                changes[done].Option.Set(options, changes[done].Before);
            call.Reply.Error($"ERR CONFIG SET failed (possibly related to argument '{changes[i].Option.Name}') - {problem}");
            return;
        }
        foreach (var change in changes)
            options.Changed?.Invoke(change.Option.Name);
        call.Server.Eviction.Reconsider();
        call.Reply.Ok();
    }

    [RedisCommand("CONFIG|RESETSTAT", 2, Flags = Flags, Since = "2.0.0", Group = "server",
        Summary = "Reset the stats returned by INFO", Complexity = "O(1)")]
    public static void ResetStat(ref RedisCall call)
    {
        call.Server.Stats.Reset();
        call.Server.Eviction.ResetStat();
        call.Reply.Ok();
    }

    [RedisCommand("CONFIG|REWRITE", 2, Flags = Flags, Since = "2.8.0", Group = "server",
        Summary = "Rewrite the configuration file with the in memory configuration", Complexity = "O(1)")]
    public static void Rewrite(ref RedisCall call) => call.Reply.Error("ERR The server is running without a config file");

    [RedisCommand("CONFIG|HELP", 2, Flags = RedisCommandFlags.Loading | RedisCommandFlags.Stale, Since = "5.0.0", Group = "server",
        Summary = "Show helpful text about the different subcommands", Complexity = "O(1)")]
    public static void Help(ref RedisCall call) => HelpText.Write(ref call, "CONFIG",
        ("GET <pattern>", "Return parameters matching the glob-like <pattern> and their values."),
        ("SET <directive> <value>", "Set the configuration <directive> to <value>."),
        ("RESETSTAT", "Reset statistics reported by the INFO command."),
        ("REWRITE", "Rewrite the configuration file."));
}
