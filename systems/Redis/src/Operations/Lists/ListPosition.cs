namespace Microcosm.Redis;

/// <summary>LPOS.</summary>
internal static class ListPosition
{
    [RedisCommand("LPOS", -3, Flags = RedisCommandFlags.ReadOnly, FirstKey = 1, LastKey = 1, KeyStep = 1, Since = "6.0.6", Group = "list",
        Summary = "Return the index of matching elements on a list", Complexity = "O(N)",
        Syntax = "key element [RANK rank:integer] [COUNT num-matches:integer] [MAXLEN len:integer]",
        Keys = "RO access @1")]
    public static void Execute(ref RedisCall call)
    {
        if (!TryParse(ref call, out var rank, out var count, out var lengthMax) || !call.TryRead<ListObject>(call[1], out var list))
            return;
        var found = list is null ? [] : Search(list.Items, call[2], rank, count, lengthMax);
        if (count is null)
        {
            if (found.Count == 0)
                call.Reply.Null();
            else
                call.Reply.Integer(found[0]);
            return;
        }
        call.Reply.Array(found.Count);
        foreach (var index in found)
            call.Reply.Integer(index);
    }

    private static List<long> Search(QuickList list, ReadOnlySpan<byte> value, long rank, long? count, long lengthMax)
    {
        var found = new List<long>();
        var backward = rank < 0;
        var skip = (rank == long.MinValue ? long.MaxValue : Math.Abs(rank)) - 1;
        var place = backward ? list.Last : list.First;
        for (var index = 0L; !place.IsNone && (lengthMax == 0 || index < lengthMax); index++)
        {
            if (place.Value.Is(value) && skip-- <= 0)
            {
                found.Add(backward ? list.Count - 1 - index : index);
                if (found.Count == (count ?? 1))
                    break;
            }
            place = backward ? place.Previous() : place.Next();
        }
        return found;
    }

    private static bool TryParse(ref RedisCall call, out long rank, out long? count, out long lengthMax)
    {
        (rank, count, lengthMax) = (1, null, 0);
        for (var i = 3; i < call.Count; i += 2)
        {
            var hasValue = i + 1 < call.Count;
            if (hasValue && call.Is(i, "RANK"u8))
            {
                if (!call.TryInteger(i + 1, out rank))
                    return false;
                if (rank != 0)
                    continue;
                call.Reply.Error("ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative "
                    + "to start from the end of the list");
                return false;
            }
            if (hasValue && call.Is(i, "COUNT"u8))
            {
                if (!PositiveCount.TryParse(ref call, i + 1, out var number, "ERR COUNT can't be negative"))
                    return false;
                count = number;
            }
            else if (hasValue && call.Is(i, "MAXLEN"u8))
            {
                if (!PositiveCount.TryParse(ref call, i + 1, out lengthMax, "ERR MAXLEN can't be negative"))
                    return false;
            }
            else
            {
                call.SyntaxError();
                return false;
            }
        }
        return true;
    }
}
