namespace Microcosm.Redis;

/// <summary>HSCAN.</summary>
internal static class HashScan
{
    [RedisCommand("HSCAN", -3, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.8.0", Group = "hash",
        Summary = "Incrementally iterate hash fields and associated values", Complexity = "O(1) for every call",
        Syntax = "key cursor:integer [MATCH pattern:pattern] [COUNT count:integer]",
        Keys = "RO access @1",
        Tips = "nondeterministic_output")]
    public static void Execute(ref RedisCall call)
    {
        if (!CollectionScan.TryBegin<HashObject>(ref call, out var hash, out var cursor, out var options))
            return;
        var found = new List<byte[]>();
        if (hash.Table is { } table)
        {
            found = CollectionScan.Walk(table, ref cursor, options);
        }
        else
        {
            cursor = 0;
            Span<byte> field = stackalloc byte[Element.ScratchBytes], value = stackalloc byte[Element.ScratchBytes];
            foreach (var pair in hash)
            {
                if (CollectionScan.Matches(options, pair.Field))
                    found.Add(HashItem.Pack(pair.Field.Text(field), pair.Value.Text(value)));
            }
        }
        CollectionScan.Reply(ref call, cursor, found.Count * 2);
        foreach (var item in found)
        {
            call.Reply.Bulk(HashItem.KeyOf(item));
            call.Reply.Bulk(HashItem.ValueOf(item));
        }
    }
}
