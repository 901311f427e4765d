using System.Globalization;

namespace Microcosm.Nginx;

/// <summary>Numbers, sizes and times as nginx.conf writes them. What is not one is null; nothing is rounded.</summary>
internal static class Measures
{
    private const long Second = 1;
    private const long Minute = 60;
    private const long Hour = 60 * Minute;
    private const long Day = 24 * Hour;

    // Units of a time from the longest to the shortest; they must come in this order.
    private enum Step
    {
        Start,
        Year,
        Month,
        Week,
        Day,
        Hour,
        Minute,
        Second,
        Millisecond,
        Last,
    }

    /// <summary>Digits only, no sign; null if it does not fit into 63 bits.</summary>
    public static long? Number(ReadOnlySpan<char> text) =>
        text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9')
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Bytes: <c>16k</c>, <c>1M</c>.</summary>
    public static long? Size(ReadOnlySpan<char> text) => Scaled(text, allowGiga: false);

    /// <summary>Bytes of a file: as a size, with <c>g</c> too.</summary>
    public static long? Offset(ReadOnlySpan<char> text) => Scaled(text, allowGiga: true);

    /// <summary>Milliseconds; without a unit seconds: <c>1m30s</c>, <c>500ms</c>, <c>"1h 30m"</c>.</summary>
    public static long? Milliseconds(ReadOnlySpan<char> text) => Time(text, inSeconds: false);

    /// <summary>Seconds: <c>1y</c>, <c>10d</c>, <c>30</c>; <c>ms</c> is no unit here.</summary>
    public static long? Seconds(ReadOnlySpan<char> text) => Time(text, inSeconds: true);

    /// <summary>A fixed-point number with <paramref name="digits"/> decimals as a whole number: 12.5 with two is 1250.</summary>
    public static long? FixedPoint(ReadOnlySpan<char> text, int digits)
    {
        var dot = text.IndexOf('.');
        var whole = dot < 0 ? text : text[..dot];
        var decimals = dot < 0 ? [] : text[(dot + 1)..];
        if (text.Length == 0 || decimals.Length > digits)
            return null;
        var all = string.Concat(whole, decimals, new string('0', digits - decimals.Length));
        return Number(all);
    }

    private static long? Scaled(ReadOnlySpan<char> text, bool allowGiga)
    {
        if (text.IsEmpty)
            return null;
        var shift = text[^1] switch
        {
            'k' or 'K' => 10,
            'm' or 'M' => 20,
            'g' or 'G' when allowGiga => 30,
            _ => 0,
        };
        return Number(shift == 0 ? text : text[..^1]) is { } number && number <= long.MaxValue >> shift ? number << shift : null;
    }

    private static long? Time(ReadOnlySpan<char> text, bool inSeconds)
    {
        var (step, total, value, any) = (inSeconds ? Step.Start : Step.Month, 0L, 0L, false);
        for (var i = 0; i < text.Length;)
        {
            var ch = text[i++];
            if (ch is >= '0' and <= '9')
            {
                if (value > (long.MaxValue - (ch - '0')) / 10)
                    return null;
                (value, any) = (value * 10 + (ch - '0'), true);
                continue;
            }
            var isMilliseconds = ch == 'm' && i < text.Length && text[i] == 's';
            if (isMilliseconds)
                i++;
            var (unit, scale) = isMilliseconds ? (Step.Millisecond, 1) : UnitOf(ch);
            // A space ends a plain number of seconds in the midst; a year begins only a time in seconds.
            var refused = unit switch
            {
                Step.Start => true,
                Step.Year => step > Step.Start,
                Step.Last => step >= Step.Second,
                Step.Millisecond => inSeconds || step >= unit,
                _ => step >= unit,
            };
            if (refused)
                return null;
            step = unit;
            if (step != Step.Millisecond && !inSeconds)
                scale *= 1000;
            if (value > long.MaxValue / scale || total > long.MaxValue - value * scale)
                return null;
            (total, value) = (total + value * scale, 0);
            while (i < text.Length && text[i] == ' ')
                i++;
        }
        if (!any)
            return null;
        var last = inSeconds ? 1 : 1000;
        return value > long.MaxValue / last || total > long.MaxValue - value * last ? null : total + value * last;
    }

    private static (Step Unit, long Scale) UnitOf(char ch) => ch switch
    {
        'y' => (Step.Year, 365 * Day),
        'M' => (Step.Month, 30 * Day),
        'w' => (Step.Week, 7 * Day),
        'd' => (Step.Day, Day),
        'h' => (Step.Hour, Hour),
        'm' => (Step.Minute, Minute),
        's' => (Step.Second, Second),
        ' ' => (Step.Last, Second),
        _ => (Step.Start, 0),
    };
}
