namespace Microcosm.Redis;

/// <summary>What the list commands share: pushing and popping at an end with the events that go with it, replies of ranges.</summary>
internal static class ListEdit
{
    public static void Push(QuickList list, ListEnd end, ReadOnlySpan<byte> value, EncodingLimits limits)
    {
        if (end == ListEnd.Left)
            list.PushHead(value, limits);
        else
            list.PushTail(value, limits);
    }

    /// <summary>Takes an element off an end. The list is not empty.</summary>
    public static byte[] Pop(QuickList list, ListEnd end)
    {
        var place = end == ListEnd.Left ? list.First : list.Last;
        var value = place.Value.ToArray();
        list.Delete(place);
        return value;
    }

    /// <summary>Answers up to <paramref name="count"/> elements from an end as an array, in the order they are popped, and removes
    /// them.</summary>
    public static void PopRange(ref RedisCall call, ReadOnlySpan<byte> key, ListObject list, ListEnd end, long count)
    {
        var length = (int)Math.Min(count, list.Count);
        var place = end == ListEnd.Left ? list.Items.First : list.Items.Last;
        call.Reply.Array(length);
        for (var i = 0; i < length; i++, place = end == ListEnd.Left ? place.Next() : place.Previous())
            call.Reply.Bulk(place.Value);
        list.Items.DeleteRange(end == ListEnd.Left ? 0 : list.Count - length, length);
        call.Server.Propagation.Dirty += length - 1;
        Popped(ref call, key, list, end);
    }

    /// <summary>Says that elements were popped, and removes the key if none are left.</summary>
    public static void Popped(ref RedisCall call, ReadOnlySpan<byte> key, ListObject list, ListEnd end)
    {
        call.Modified(key, NotifyClass.List, end == ListEnd.Left ? "lpop" : "rpop");
        if (list.Count == 0)
            call.RemoveEmptied(key);
    }

    /// <summary>Says that elements were pushed.</summary>
    public static void Pushed(ref RedisCall call, ReadOnlySpan<byte> key, ListEnd end) =>
        call.Modified(key, NotifyClass.List, end == ListEnd.Left ? "lpush" : "rpush");

    /// <summary>
    /// Turns indexes that may be negative into a range within a length; false when the range is empty.
    /// </summary>
    public static bool TryRange(ref long start, ref long end, int length)
    {
        start = Math.Max(0, start < 0 ? start + length : start);
        end = Math.Min(length - 1, end < 0 ? end + length : end);
        return start <= end;
    }

    public static bool TryEnd(ref RedisCall call, int index, out ListEnd end)
    {
        end = call.Is(index, "LEFT"u8) ? ListEnd.Left : ListEnd.Right;
        if (end == ListEnd.Left || call.Is(index, "RIGHT"u8))
            return true;
        call.SyntaxError();
        return false;
    }

    public static byte[] Name(ListEnd end) => (end == ListEnd.Left ? "LEFT"u8 : "RIGHT"u8).ToArray();
}
