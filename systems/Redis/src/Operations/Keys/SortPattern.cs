namespace Microcosm.Redis;

/// <summary>Patterns of SORT BY and GET: the first <c>*</c> is replaced by the element; <c>key->field</c> reads a hash; <c>#</c> is the
/// element.</summary>
internal static class SortPattern
{
    /// <summary>The value that the pattern names for an element, or null.</summary>
    public static byte[]? Look(ref RedisCall call, byte[] pattern, byte[] element)
    {
        if (pattern.AsSpan().SequenceEqual("#"u8))
            return element;
        var star = Array.IndexOf(pattern, (byte)'*');
        if (star < 0)
            return null;
        var arrow = pattern.AsSpan(star + 1).IndexOf("->"u8);
        // An arrow without a field behind it belongs to the key's name.
        var hasField = arrow >= 0 && star + 1 + arrow + 2 < pattern.Length;
        var end = hasField ? star + 1 + arrow : pattern.Length;
        byte[] key = [.. pattern.AsSpan(0, star), .. element, .. pattern.AsSpan(star + 1, end - star - 1)];
        var entry = call.Db.Read(key);
        if (hasField)
            return entry.Object is HashObject hash && hash.TryGet(pattern.AsSpan(end + 2), out var value) ? value.ToArray() : null;
        return entry.Exists && entry.IsString ? entry.StringValue.ToArray() : null;
    }
}
