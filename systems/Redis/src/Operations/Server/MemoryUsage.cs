namespace Microcosm.Redis;

/// <summary>MEMORY USAGE: bytes that a key holds, as Redis would count them.</summary>
internal static class MemoryUsage
{
    private const RedisCommandFlags Flags = RedisCommandFlags.ReadOnly;

    [RedisCommand("MEMORY", -2, Since = "4.0.0", Group = "server", Summary = "A container for memory diagnostics commands",
        Complexity = "Depends on subcommand.")]
    public static void Container(ref RedisCall call) => call.Reply.Error(RedisErrors.WrongArity("MEMORY"));

    [RedisCommand("MEMORY|USAGE", -3, Flags = Flags, FirstKey = 2, LastKey = 2, KeyStep = 1, Since = "4.0.0", Group = "server",
        Summary = "Estimate the memory usage of a key", Complexity = "O(1)",
        Syntax = "key [SAMPLES count:integer]",
        Keys = "RO @2")]
    public static void Usage(ref RedisCall call)
    {
        // Sizes are kept, not sampled; the number of samples is read for the sake of its errors.
        for (var i = 3; i < call.Count; i += 2)
        {
            if (!call.Is(i, "SAMPLES"u8) || i + 1 == call.Count)
            {
                call.SyntaxError();
                return;
            }
            if (!call.TryInteger(i + 1, out var samples))
                return;
            if (samples >= 0)
                continue;
            call.SyntaxError();
            return;
        }
        var entry = call.Db.Peek(call[2]);
        if (entry.IsMissing)
            call.Reply.Null();
        else
            call.Reply.Integer(entry.MemoryBytes);
    }
}
