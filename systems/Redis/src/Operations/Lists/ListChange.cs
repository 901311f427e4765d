namespace Microcosm.Redis;

/// <summary>LSET, LINSERT, LREM, LTRIM.</summary>
internal static class ListChange
{
    [RedisCommand("LSET", 4, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Group = "list",
        Summary = "Set the value of an element in a list by its index", Complexity = "O(N)",
        Syntax = "key index:integer element",
        Keys = "RW update @1")]
    public static void LSet(ref RedisCall call)
    {
        if (!call.TryWrite<ListObject>(call[1], out var list))
            return;
        if (list is null)
        {
            call.Reply.Error(RedisErrors.NoSuchKey);
            return;
        }
        if (!call.TryInteger(2, out var index))
            return;
        var place = list.Items.At(index);
        if (place.IsNone)
        {
            call.Reply.Error(RedisErrors.IndexOutOfRange);
            return;
        }
        list.Items.Replace(place, call[3], call.Server.Options.Encodings);
        call.Modified(call[1], NotifyClass.List, "lset");
        call.Reply.Ok();
    }

    [RedisCommand("LINSERT", 5, Flags = RedisCommandFlags.Write | RedisCommandFlags.DenyOom, FirstKey = 1, LastKey = 1, KeyStep = 1,
        Since = "2.2.0", Group = "list", Summary = "Insert an element before or after another element in a list", Complexity = "O(N)",
        Syntax = "key where(BEFORE|AFTER) pivot element",
        Keys = "RW insert @1")]
    public static void LInsert(ref RedisCall call)
    {
        var after = call.Is(2, "AFTER"u8);
        if (!after && !call.Is(2, "BEFORE"u8))
        {
            call.SyntaxError();
            return;
        }
        if (!call.TryWrite<ListObject>(call[1], out var list))
            return;
        if (list is null)
        {
            call.Reply.Integer(0);
            return;
        }
        var place = list.Items.First;
        while (!place.IsNone && !place.Value.Is(call[3]))
            place = place.Next();
        if (place.IsNone)
        {
            call.Reply.Integer(-1);
            return;
        }
        list.Items.Insert(place, call[4], after, call.Server.Options.Encodings);
        call.Modified(call[1], NotifyClass.List, "linsert");
        call.Reply.Integer(list.Count);
    }

    [RedisCommand("LREM", 4, Flags = RedisCommandFlags.Write, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "list",
        Summary = "Remove elements from a list", Complexity = "O(N+M)",
        Syntax = "key count:integer element",
        Keys = "RW delete @1")]
    public static void LRem(ref RedisCall call)
    {
        if (!call.TryInteger(2, out var count) || !call.TryWrite<ListObject>(call[1], out var list))
            return;
        var removed = list is null ? 0 : Remove(list.Items, call[3], count);
        if (removed > 0)
        {
            call.Server.Propagation.Dirty += removed - 1;
            call.Modified(call[1], NotifyClass.List, "lrem");
            if (list!.Count == 0)
                call.RemoveEmptied(call[1]);
        }
        call.Reply.Integer(removed);
    }

    [RedisCommand("LTRIM", 4, Flags = RedisCommandFlags.Write, FirstKey = 1, LastKey = 1, KeyStep = 1, Group = "list",
        Summary = "Trim a list to the specified range", Complexity = "O(N)",
        Syntax = "key start:integer stop:integer",
        Keys = "RW delete @1")]
    public static void LTrim(ref RedisCall call)
    {
        if (!call.TryInteger(2, out var start) || !call.TryInteger(3, out var end) || !call.TryWrite<ListObject>(call[1], out var list))
            return;
        if (list is null)
        {
            call.Reply.Ok();
            return;
        }
        var before = list.Count;
        if (ListEdit.TryRange(ref start, ref end, list.Count))
        {
            list.Items.DeleteRange(end + 1, list.Count);
            list.Items.DeleteRange(0, start);
        }
        else
        {
            list.Items.DeleteRange(0, list.Count);
        }
        // What trims nothing is told, but is no change to propagate.
        call.Server.Propagation.Dirty += before - list.Count - 1;
        call.Modified(call[1], NotifyClass.List, "ltrim");
        if (list.Count == 0)
            call.RemoveEmptied(call[1]);
        call.Reply.Ok();
    }

    // A negative count removes from the end backwards; 0 removes all.
    private static int Remove(QuickList list, ReadOnlySpan<byte> value, long count)
    {
        var removed = 0;
        var place = count < 0 ? list.Last : list.First;
        var limit = count == 0 ? long.MaxValue : count == long.MinValue ? long.MaxValue : Math.Abs(count);
        while (!place.IsNone && removed < limit)
        {
            var matches = place.Value.Is(value);
            if (count < 0)
            {
                // What lies before keeps its place when an element goes.
                var before = place.Previous();
                if (matches)
                    list.Delete(place);
                place = before;
            }
            else
            {
                place = matches ? list.Delete(place) : place.Next();
            }
            removed += matches ? 1 : 0;
        }
        return removed;
    }
}
