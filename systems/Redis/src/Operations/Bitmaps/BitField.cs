namespace Microcosm.Redis;

/// <summary>BITFIELD and BITFIELD_RO: integers of any width up to 64 bits inside a string, with wrap, saturation or failure on
/// overflow.</summary>
internal static class BitField
{
    [RedisCommand("BITFIELD", -2, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "3.2.0",
        Group = "bitmap", Summary = "Perform arbitrary bitfield integer operations on strings",
            Complexity = "O(1) for each subcommand specified",
        Syntax = "key [operation(GET encoding_offset{encoding offset:integer}|write{[OVERFLOW wrap_sat_fail(WRAP|SAT|"
            + "FAIL)] write_operation(SET encoding_offset_value{encoding offset:integer value:integer}|INCRBY "
            + "encoding_offset_increment{encoding offset:integer increment:integer})})...]",
        Keys = "RW access update variable_flags @1")]
    public static void Execute(ref RedisCall call) => Run(ref call, readOnly: false);

    [RedisCommand("BITFIELD_RO", -2, Flags = RedisCommandFlags.ReadOnly | RedisCommandFlags.Fast, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "6.0.0",
        Group = "bitmap", Summary = "Perform arbitrary bitfield integer operations on strings. Read-only variant of BITFIELD",
        Complexity = "O(1) for each subcommand specified",
        Syntax = "key [GET encoding_offset{encoding offset:integer}...+]",
        Keys = "RO access @1")]
    public static void ReadOnly(ref RedisCall call) => Run(ref call, readOnly: true);

    private static void Run(ref RedisCall call, bool readOnly)
    {
        if (BitFieldStep.ParseAll(ref call) is not { } steps)
            return;
        var writes = steps.Exists(s => s.Kind != BitFieldKind.Get);
        if (writes && readOnly)
        {
            call.Reply.Error("ERR BITFIELD_RO only supports the GET subcommand");
            return;
        }
        if (!(writes ? call.TryWriteString(call[1], out var entry) : call.TryReadString(call[1], out entry)))
            return;
        var room = entry.IsMissing ? default : entry.StringValue;
        var before = room.Length;
        if (writes)
        {
            var needed = steps.Where(s => s.Kind != BitFieldKind.Get).Max(s => (int)((s.Offset + s.Width - 1) >> 3) + 1);
            room = call.Db.SetString(call[1], Math.Max(before, needed), keepExpiry: true, raw: true);
        }
        call.Reply.Array(steps.Count);
        var changed = writes && room.Length != before;
        foreach (var step in steps)
            changed |= step.Apply(room, call.Reply);
        if (changed)
            call.Modified(call[1], NotifyClass.String, "setbit");
    }
}
