using System.Globalization;

namespace Microcosm.Runtime;

/// <summary>Numbers of bytes as people write them, and Redis reads them: <c>100</c>, <c>10kb</c> (10,240), <c>1mb</c>.</summary>
public static class ByteSizes
{
    /// <summary>From 1 up. Throws <see cref="FormatException"/>.</summary>
    public static long Parse(string text)
    {
        var (digits, scale) = text.EndsWith("kb", StringComparison.Ordinal) ? (text[..^2], 1L << 10)
            : text.EndsWith("mb", StringComparison.Ordinal) ? (text[..^2], 1L << 20)
            : (text, 1L);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1L << 40
            ? number * scale
            : throw new FormatException($"'{text}' is not a number of bytes: write 100, 10kb or 1mb");
    }
}
