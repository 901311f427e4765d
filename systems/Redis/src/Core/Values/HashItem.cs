namespace Microcosm.Redis;

/// <summary>A field with its value in one array: length of the field (seven bits a byte, low ones first), field, value.</summary>
internal readonly struct HashItem : IByteTableLayout
{
    public static byte[] Pack(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value)
    {
        var head = 1;
        for (var rest = field.Length >> 7; rest != 0; rest >>= 7)
            head++;
        var item = new byte[head + field.Length + value.Length];
        var length = field.Length;
        for (var i = 0; i < head; i++, length >>= 7)
            item[i] = (byte)((length & 0x7f) | (i < head - 1 ? 0x80 : 0));
        field.CopyTo(item.AsSpan(head));
        value.CopyTo(item.AsSpan(head + field.Length));
        return item;
    }

    public static ReadOnlySpan<byte> KeyOf(byte[] item)
    {
        var start = Start(item, out var length);
        return item.AsSpan(start, length);
    }

    public static ReadOnlySpan<byte> ValueOf(byte[] item)
    {
        var start = Start(item, out var length);
        return item.AsSpan(start + length);
    }

    private static int Start(byte[] item, out int length)
    {
        length = item[0];
        if (length < 0x80)
            return 1;
        length &= 0x7f;
        for (int at = 1, shift = 7; ; at++, shift += 7)
        {
            length |= (item[at] & 0x7f) << shift;
            if (item[at] < 0x80)
                return at + 1;
        }
    }
}
