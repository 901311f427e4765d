using System.Globalization;

namespace Microcosm.Generator.Messages;

/// <summary>Versions from one to another, both included: <c>3</c>, <c>0-7</c>, <c>9+</c>.</summary>
internal readonly record struct VersionRange(short Lowest, short Highest)
{
    public static readonly VersionRange All = new(0, short.MaxValue);
    public static readonly VersionRange None = new(short.MaxValue, 0);

    /// <summary>False for text that is no range.</summary>
    public static bool TryParse(string text, out VersionRange range)
    {
        range = All;
        var parts = text.EndsWith("+", StringComparison.Ordinal) ? [text.Substring(0, text.Length - 1), "32767"] : text.Split('-');
        if (parts.Length > 2 || !TryNumber(parts[0], out var lowest) || !TryNumber(parts[parts.Length - 1], out var highest))
            return false;
        range = new VersionRange(lowest, highest);
        return lowest <= highest;
    }

    /// <summary>C# that is true of a version in the range, given that it is in <paramref name="known"/>; empty if it always is.</summary>
    public string Condition(VersionRange known) => (Lowest > known.Lowest, Highest < known.Highest) switch
    {
        (false, false) => "",
        (true, false) => $"version >= {Lowest}",
        (false, true) => $"version <= {Highest}",
        _ => $"version is >= {Lowest} and <= {Highest}",
    };

    private static bool TryNumber(string text, out short number) =>
        short.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
