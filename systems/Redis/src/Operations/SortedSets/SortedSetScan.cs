namespace Microcosm.Redis;

/// <summary>ZSCAN.</summary>
internal static class SortedSetScan
{
    [RedisCommand("ZSCAN", -3, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.8.0",
        Group = "sorted-set", Summary = "Incrementally iterate sorted sets elements and associated scores",
            Complexity = "O(1) for every call",
        Syntax = "key cursor:integer [MATCH pattern:pattern] [COUNT count:integer]",
        Keys = "RO access @1",
        Tips = "nondeterministic_output")]
    public static void Execute(ref RedisCall call)
    {
        if (!CollectionScan.TryBegin<SortedSetObject>(ref call, out var set, out var cursor, out var options))
            return;
        if (set.Table is { } table)
            ReplyTable(ref call, CollectionScan.Walk(table, ref cursor, options), cursor);
        else
            ReplyPacked(ref call, set, options);
    }

    private static void ReplyTable(ref RedisCall call, List<byte[]> found, ulong cursor)
    {
        CollectionScan.Reply(ref call, cursor, found.Count * 2);
        Span<byte> text = stackalloc byte[RedisNumber.DoubleBytesMax];
        foreach (var item in found)
        {
            call.Reply.Bulk(SortedSetItem.KeyOf(item));
            call.Reply.Bulk(text[..RedisNumber.Format(SortedSetItem.ScoreOf(item), text)]);
        }
    }

    // Scores are answered as they lie in the listpack: 1e17 as an integer.
    private static void ReplyPacked(ref RedisCall call, SortedSetObject set, ScanOptions options)
    {
        var matching = 0;
        for (var place = set.Seek(0); !place.IsNone; place = place.Next())
            matching += CollectionScan.Matches(options, place.Member) ? 1 : 0;
        CollectionScan.Reply(ref call, 0, matching * 2);
        for (var place = set.Seek(0); !place.IsNone; place = place.Next())
        {
            if (!CollectionScan.Matches(options, place.Member))
                continue;
            call.Reply.Bulk(place.Member);
            call.Reply.Bulk(place.PackedScore);
        }
    }
}
