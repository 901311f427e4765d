namespace Microcosm.Redis;

/// <summary>PFDEBUG, which tests of the original use.</summary>
internal static class PfDebug
{
    [RedisCommand("PFDEBUG", 3, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Admin, FirstKey = 2,
        LastKey = 2, KeyStep = 1,
        Since = "2.8.9", Group = "hyperloglog", Summary = "Internal commands for debugging HyperLogLog values", Complexity = "N/A",
        Syntax = "subcommand key",
        Keys = "RW access @2")]
    public static void Execute(ref RedisCall call)
    {
        if (!call.TryWriteString(call[2], out var entry))
            return;
        if (entry.IsMissing)
        {
            call.Reply.Error("ERR The specified key does not exist");
            return;
        }
        var registers = new byte[HyperLogLog.Registers];
        if (!HyperLogLog.IsValid(entry.StringValue) || !HyperLogLog.TryRead(entry.StringValue, registers))
        {
            call.Reply.Error("WRONGTYPE Key is not a valid HyperLogLog string value.");
            return;
        }
        var sparse = HyperLogLog.IsSparse(entry.StringValue);
        if (call.Is(1, "ENCODING"u8))
        {
            call.Reply.Simple(sparse ? "sparse" : "dense");
        }
        else if (call.Is(1, "GETREG"u8))
        {
            call.Reply.Array(registers.Length);
            foreach (var value in registers)
                call.Reply.Integer(value);
        }
        else if (call.Is(1, "TODENSE"u8))
        {
            if (sparse)
                call.Db.SetString(call[2], HyperLogLog.Write(registers, 0, allowSparse: false), keepExpiry: true, raw: true);
            call.Reply.Integer(sparse ? 1 : 0);
        }
        else
        {
            call.Reply.Error($"ERR Unknown PFDEBUG subcommand '{call.Quote(1)}'");
        }
    }
}
