namespace Microcosm.Redis;

/// <summary>OBJECT ENCODING, FREQ, IDLETIME, REFCOUNT.</summary>
internal static class ObjectCommand
{
    private const RedisCommandFlags Flags = RedisCommandFlags.ReadOnly;

    [RedisCommand("OBJECT", -2, Since = "2.2.3", Summary = "A container for object introspection commands",
        Complexity = "Depends on subcommand.")]
    public static void Execute(ref RedisCall call) => call.Reply.Error(RedisErrors.WrongArity("OBJECT"));

    [RedisCommand("OBJECT|ENCODING", 3, Flags = Flags, FirstKey = 2, LastKey = 2, KeyStep = 1, Since = "2.2.3",
        Summary = "Inspect the internal encoding of a Redis object", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO @2",
        Tips = "nondeterministic_output")]
    public static void EncodingOf(ref RedisCall call)
    {
        var entry = call.Db.Peek(call[2]);
        if (entry.IsMissing)
            call.Reply.Null();
        else
            call.Reply.Bulk(entry.Encoding);
    }

    [RedisCommand("OBJECT|REFCOUNT", 3, Flags = Flags, FirstKey = 2, LastKey = 2, KeyStep = 1, Since = "2.2.3",
        Summary = "Get the number of references to the value of the key", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO @2",
        Tips = "nondeterministic_output")]
    public static void RefCount(ref RedisCall call)
    {
        var entry = call.Db.Peek(call[2]);
        if (entry.IsMissing)
            call.Reply.Null();
        else
            call.Reply.Integer(IsShared(entry, call.Server.Options) ? int.MaxValue : 1);
    }

    [RedisCommand("OBJECT|IDLETIME", 3, Flags = Flags, FirstKey = 2, LastKey = 2, KeyStep = 1, Since = "2.2.3",
        Summary = "Get the time since a Redis object was last accessed", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO @2",
        Tips = "nondeterministic_output")]
    public static void IdleTime(ref RedisCall call)
    {
        var entry = call.Db.Peek(call[2]);
        if (entry.IsMissing)
            call.Reply.Null();
        else if (call.Server.Options.IsLfu)
            call.Reply.Error("ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching "
                + "between policies at runtime LRU and LFU data will take some time to adjust.");
        else
            call.Reply.Integer(call.Server.Events.IdleSeconds(entry));
    }

    [RedisCommand("OBJECT|FREQ", 3, Flags = Flags, FirstKey = 2, LastKey = 2, KeyStep = 1, Since = "4.0.0",
        Summary = "Get the logarithmic access frequency counter of a Redis object", Complexity = "O(1)",
        Syntax = "key",
        Keys = "RO @2",
        Tips = "nondeterministic_output")]
    public static void Freq(ref RedisCall call)
    {
        var entry = call.Db.Peek(call[2]);
        if (entry.IsMissing)
            call.Reply.Null();
        else if (!call.Server.Options.IsLfu)
            call.Reply.Error("ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when "
                + "switching between policies at runtime LRU and LFU data will take some time to adjust.");
        else
            call.Reply.Integer(call.Server.Lfu.DecayedCounter(entry.Lru));
    }

    // Redis shares the objects of 0 to 9,999, which count no references; not where eviction needs a mark on each key.
    private static bool IsShared(Entry entry, RedisOptions options)
    {
        if (!entry.IsString || entry.Encoding != "int")
            return false;
        var marks = options.IsLfu || options.MaxMemoryPolicy is MaxMemoryPolicy.AllKeysLru or MaxMemoryPolicy.VolatileLru;
        return (options.MaxMemory == 0 || !marks) && RedisNumber.TryParse(entry.StringValue, out long value) && value is >= 0 and < 10000;
    }

    [RedisCommand("OBJECT|HELP", 2, Flags = RedisCommandFlags.Loading | RedisCommandFlags.Stale, Since = "6.2.0",
        Summary = "Show helpful text about the different subcommands", Complexity = "O(1)")]
    public static void Help(ref RedisCall call) => HelpText.Write(ref call, "OBJECT",
        ("ENCODING <key>", "Return the kind of internal representation used in order to store the value associated with a <key>."),
        ("FREQ <key>", "Return the access frequency index of the <key>. The returned integer is proportional to the logarithm of the "
            + "recent access frequency of the key."),
        ("IDLETIME <key>",
            "Return the idle time of the <key>, that is the approximated number of seconds elapsed since the last access to the key."),
        ("REFCOUNT <key>", "Return the number of references of the value associated with the specified <key>."));
}
