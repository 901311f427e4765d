namespace Microcosm.Redis;

/// <summary>PFADD, PFCOUNT, PFMERGE.</summary>
internal static class Pf
{
    private const string NotValid = "WRONGTYPE Key is not a valid HyperLogLog string value.";
    private const string Corrupt = "INVALIDOBJ Corrupted HLL object detected";

    [RedisCommand("PFADD", -2, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom | RedisCommandFlags.Fast, FirstKey = 1,
        LastKey = 1, KeyStep = 1,
        Since = "2.8.9", Group = "hyperloglog", Summary = "Adds the specified elements to the specified HyperLogLog.",
            Complexity = "O(1) to add every element.",
        Syntax = "key [element...]",
        Keys = "RW insert @1")]
    public static void Add(ref RedisCall call)
    {
        var registers = new byte[HyperLogLog.Registers];
        if (!TryLoad(ref call, 1, registers, forWrite: true, out var exists, out var sparse))
            return;
        var changed = !exists;
        for (var i = 2; i < call.Count; i++)
        {
            var (index, rank) = HyperLogLog.Place(call[i]);
            if (registers[index] >= rank)
                continue;
            registers[index] = rank;
            changed = true;
        }
        if (changed)
        {
            call.Db.SetString(call[1], HyperLogLog.Write(registers, call.Server.Options.HllSparseMaxBytes, sparse), keepExpiry: true,
                raw: true);
            call.Modified(call[1], NotifyClass.String, "pfadd");
        }
        call.Reply.Integer(changed ? 1 : 0);
    }

    [RedisCommand("PFCOUNT", -2, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = -1, KeyStep = 1, Since = "2.8.9",
        Group = "hyperloglog",
        Summary = "Return the approximated cardinality of the set(s) observed by the HyperLogLog at key(s).",
            Complexity = "O(1) with a single key, O(N) with N keys.",
        Syntax = "key...",
        Keys = "RW access @1 -1/1/0")]
    public static void Count(ref RedisCall call)
    {
        var union = new byte[HyperLogLog.Registers];
        var single = call.Count == 2;
        if (single && call.TryReadString(call[1], out var entry) && entry.Exists && HyperLogLog.IsValid(entry.StringValue)
            && HyperLogLog.Cached(entry.StringValue) is { } cached)
        {
            call.Reply.Integer(cached);
            return;
        }
        if (!TryUnion(ref call, 1, union, out _))
            return;
        var count = HyperLogLog.Count(union);
        // A single key keeps its count, which changes the key: replicas and watchers are told.
        if (single && call.Db.Write(call[1]) is { Exists: true } counted)
        {
            HyperLogLog.SetCached(counted.StringValue, count);
            call.Modified(call[1], NotifyClass.None, "pfcount");
        }
        call.Reply.Integer(count);
    }

    [RedisCommand("PFMERGE", -2, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = -1, KeyStep = 1,
        Since = "2.8.9",
        Group = "hyperloglog", Summary = "Merge N different HyperLogLogs into a single one.", Complexity = "O(N) to merge N HyperLogLogs.",
        Syntax = "destkey:key sourcekey:key...",
        Keys = "RW access insert @1; RO access @2 -1/1/0")]
    public static void Merge(ref RedisCall call)
    {
        var union = new byte[HyperLogLog.Registers];
        if (!TryUnion(ref call, 1, union, out var sparse))
            return;
        call.Db.SetString(call[1], HyperLogLog.Write(union, call.Server.Options.HllSparseMaxBytes, sparse), keepExpiry: true, raw: true);
        call.Modified(call[1], NotifyClass.String, "pfadd");
        call.Reply.Ok();
    }

    // All keys from an argument on; sparse as long as every source is.
    private static bool TryUnion(ref RedisCall call, int first, byte[] union, out bool sparse)
    {
        sparse = true;
        var one = new byte[HyperLogLog.Registers];
        for (var i = first; i < call.Count; i++)
        {
            if (!TryLoad(ref call, i, one, forWrite: false, out _, out var isSparse))
                return false;
            sparse &= isSparse;
            for (var r = 0; r < union.Length; r++)
                union[r] = Math.Max(union[r], one[r]);
        }
        return true;
    }

    private static bool TryLoad(ref RedisCall call, int index, byte[] registers, bool forWrite, out bool exists, out bool sparse)
    {
        exists = false;
        sparse = true;
        Array.Clear(registers);
        if (!(forWrite ? call.TryWriteString(call[index], out var entry) : call.TryReadString(call[index], out entry)))
            return false;
        if (entry.IsMissing)
            return true;
        exists = true;
        var bytes = entry.StringValue;
        if (!HyperLogLog.IsValid(bytes))
        {
            call.Reply.Error(NotValid);
            return false;
        }
        sparse = HyperLogLog.IsSparse(bytes);
        if (HyperLogLog.TryRead(bytes, registers))
            return true;
        call.Reply.Error(Corrupt);
        return false;
    }
}
