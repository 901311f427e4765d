using System.Globalization;

namespace Microcosm.Redis;

/// <summary>What HSCAN, SSCAN and ZSCAN share: compact encodings answer all at once, tables by cursor.</summary>
internal static class CollectionScan
{
    /// <summary>
    /// Reads the cursor, looks up the key, reads the options. False when that has been answered: an error, or no such key.
    /// </summary>
    public static bool TryBegin<T>(ref RedisCall call, out T value, out ulong cursor, out ScanOptions options)
        where T : RedisObject
    {
        value = null!;
        options = new ScanOptions();
        if (!ScanOptions.TryCursor(ref call, 2, out cursor) || !call.TryRead<T>(call[1], out var found))
            return false;
        if (found is null)
        {
            Reply(ref call, 0, 0);
            return false;
        }
        value = found;
        return options.TryParse(ref call, 3);
    }

    /// <summary>Collects items from the cursor on, about as many as asked for; moves the cursor.</summary>
    public static List<byte[]> Walk<TLayout>(ByteTable<TLayout> table, ref ulong cursor, ScanOptions options)
        where TLayout : struct, IByteTableLayout
    {
        var found = new List<byte[]>();
        // At most ten times COUNT buckets, so that a sparse table costs no more than in Redis.
        for (long buckets = 0; ; buckets++)
        {
            cursor = table.Scan(cursor, found);
            if (cursor == 0 || found.Count >= options.Count || buckets >= options.Count * 10)
                break;
        }
        if (options.Pattern is { } pattern)
            found.RemoveAll(item => !Glob.Matches(pattern, TLayout.KeyOf(item)));
        return found;
    }

    /// <summary>Writes the cursor and the head of the array of so many elements.</summary>
    public static void Reply(ref RedisCall call, ulong cursor, int elements)
    {
        call.Reply.Array(2);
        call.Reply.Bulk(cursor.ToString(CultureInfo.InvariantCulture));
        call.Reply.Array(elements);
    }

    public static bool Matches(ScanOptions options, Element key)
    {
        if (options.Pattern is not { } pattern)
            return true;
        Span<byte> scratch = stackalloc byte[Element.ScratchBytes];
        return Glob.Matches(pattern, key.Text(scratch));
    }
}
