namespace Microcosm.Redis;

/// <summary>SSCAN.</summary>
internal static class SetScan
{
    [RedisCommand("SSCAN", -3, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.8.0", Group = "set",
        Summary = "Incrementally iterate Set elements", Complexity = "O(1) for every call",
        Syntax = "key cursor:integer [MATCH pattern:pattern] [COUNT count:integer]",
        Keys = "RO access @1",
        Tips = "nondeterministic_output")]
    public static void Execute(ref RedisCall call)
    {
        if (!CollectionScan.TryBegin<SetObject>(ref call, out var set, out var cursor, out var options))
            return;
        var found = new List<byte[]>();
        if (set.Table is { } table)
        {
            found = CollectionScan.Walk(table, ref cursor, options);
        }
        else
        {
            cursor = 0;
            foreach (var member in set)
            {
                if (CollectionScan.Matches(options, member))
                    found.Add(member.ToArray());
            }
        }
        CollectionScan.Reply(ref call, cursor, found.Count);
        foreach (var member in found)
            call.Reply.Bulk(member);
    }
}
