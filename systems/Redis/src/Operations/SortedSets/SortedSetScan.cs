namespace Microcosm.Redis;

/// <summary>ZSCAN.</summary>
internal static class SortedSetScan
{
    [RedisCommand("ZSCAN", -3, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "2.8.0",
        Group = "sorted-set", Summary = "Incrementally iterate sorted sets elements and associated scores", Complexity = "O(1) for every call")]
    public static void Execute(ref RedisCall call)
    {
        if (!CollectionScan.TryBegin<SortedSetObject>(ref call, out var set, out var cursor, out var options))
            return;
        var found = new List<byte[]>();
        if (set.Table is { } table)
        {
            found = CollectionScan.Walk(table, ref cursor, options);
        }
        else
        {
            cursor = 0;
            Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
            for (var place = set.Seek(0); !place.IsNone; place = place.Next())
            {
                if (CollectionScan.Matches(options, place.Member))
                    found.Add(SortedSetItem.Pack(place.Member.Text(scratch), place.Score));
            }
        }
        CollectionScan.Reply(ref call, cursor, found.Count * 2);
        Span<byte> text = stackalloc byte[RedisNumber.DoubleBytesMax];
        foreach (var item in found)
        {
            call.Reply.Bulk(SortedSetItem.KeyOf(item));
            call.Reply.Bulk(text[..RedisNumber.Format(SortedSetItem.ScoreOf(item), text)]);
        }
    }
}
