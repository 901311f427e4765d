using System.Globalization;

namespace Microcosm.Cli;

/// <summary>Durations as people write them: <c>20ms</c>, <c>2s</c>, <c>5m</c>, <c>2h</c>, <c>7d</c>; a minus sign goes back.</summary>
internal static class Durations
{
    /// <summary>Throws <see cref="FormatException"/>.</summary>
    public static TimeSpan Parse(string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c is '.' or '-').Count();
        if (!double.TryParse(text.AsSpan(0, digits), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            throw new FormatException($"'{text}' is not a duration: write 20ms, 2s, 5m, 2h or 7d");
        return text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(value),
            "s" => TimeSpan.FromSeconds(value),
            "m" => TimeSpan.FromMinutes(value),
            "h" => TimeSpan.FromHours(value),
            "d" => TimeSpan.FromDays(value),
            _ => throw new FormatException($"'{text}' is not a duration: write 20ms, 2s, 5m, 2h or 7d"),
        };
    }
}
