namespace Microcosm.Nginx;

/// <summary>Dates of HTTP as nginx reads them (ngx_parse_http_time): the three forms of RFC 9110, whatever the day of the week.</summary>
internal static class HttpDate
{
    private const int TimeLength = 8;

    /// <summary>Seconds since 1970; null where it is none.</summary>
    public static long? Seconds(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)',', (byte)' ');
        if (end < 0)
            return null;
        var rest = text[(end + 1)..].TrimStart((byte)' ');
        return text[end] == ' ' ? OfC(rest) : OfFields(rest);
    }

    // 10 Nov 2002 23:50:13, or 10-Nov-02 23:50:13.
    private static long? OfFields(ReadOnlySpan<byte> text)
    {
        if (text.Length < 18 || text[2] is not ((byte)' ' or (byte)'-') || text[6] != text[2])
            return null;
        var digits = text[2] == ' ' ? 4 : 2;
        var year = Number(text.Slice(7, digits));
        if (digits == 2 && year >= 0)
            year += year < 70 ? 2000 : 1900;
        return text.Length >= 7 + digits + 1 + TimeLength && text[7 + digits] == ' '
            ? Seconds(year, Month(text.Slice(3, 3)), Number(text[..2]), text.Slice(8 + digits, TimeLength)) : null;
    }

    // Dec 10 23:50:13 2002; a day of one digit may have a space before it.
    private static long? OfC(ReadOnlySpan<byte> text)
    {
        if (text.Length < 18)
            return null;
        var month = Month(text[..3]);
        var rest = text[4..];
        if (rest[0] == ' ')
            rest = rest[1..];
        var digits = rest[1] == ' ' ? 1 : 2;
        var day = Number(rest[..digits]);
        rest = rest[digits..];
        return rest.Length >= 1 + TimeLength + 5 && rest[0] == ' ' && rest[1 + TimeLength] == ' '
            ? Seconds(Number(rest.Slice(2 + TimeLength, 4)), month, day, rest.Slice(1, TimeLength)) : null;
    }

    private static long? Seconds(int year, int month, int day, ReadOnlySpan<byte> time)
    {
        var (hour, minute, second) = (Number(time[..2]), Number(time.Slice(3, 2)), Number(time.Slice(6, 2)));
        if (year < 1 || month == 0 || day < 1 || time[2] != ':' || time[5] != ':' || hour is < 0 or > 23 || minute is < 0 or > 59
            || second is < 0 or > 59 || day > DateTime.DaysInMonth(year, month))
            return null;
        return new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).ToUnixTimeSeconds();
    }

    // By the letters that tell them apart; 0 for none.
    private static int Month(ReadOnlySpan<byte> name) => name[0] switch
    {
        (byte)'J' => name[1] == 'a' ? 1 : name[2] == 'n' ? 6 : 7,
        (byte)'F' => 2,
        (byte)'M' => name[2] == 'r' ? 3 : 5,
        (byte)'A' => name[1] == 'p' ? 4 : 8,
        (byte)'S' => 9,
        (byte)'O' => 10,
        (byte)'N' => 11,
        (byte)'D' => 12,
        _ => 0,
    };

    // -1 where it is none.
    private static int Number(ReadOnlySpan<byte> digits)
    {
        var number = 0;
        foreach (var d in digits)
        {
            if (d is < (byte)'0' or > (byte)'9')
                return -1;
            number = number * 10 + (d - '0');
        }
        return number;
    }
}
