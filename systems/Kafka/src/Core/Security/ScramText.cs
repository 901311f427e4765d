namespace Microcosm.Kafka;

/// <summary>Pieces of SCRAM's messages (RFC 5802 7).</summary>
internal static class ScramText
{
    public static bool TryTake(string field, string start, out string value)
    {
        var has = field.StartsWith(start, StringComparison.Ordinal);
        value = has ? field[start.Length..] : "";
        return has;
    }

    /// <summary>A user's name, in which <c>=2C</c> and <c>=3D</c> stand for comma and equals; null if it is none.</summary>
    public static string? Name(string text)
    {
        if (text.Length == 0 || !text.All(IsValue))
            return null;
        return Replace(text, "", "").Contains('=') ? null : Replace(text, ",", "=");
    }

    public static bool IsPrintable(string text) => text.Length > 0 && text.All(c => c is >= '\x21' and <= '\x7e' and not ',');

    public static bool IsExtension(string field)
    {
        var at = field.IndexOf('=');
        return at > 0 && field[..at].All(char.IsAsciiLetter) && at + 1 < field.Length && field[(at + 1)..].All(IsValue);
    }

    /// <summary>What base64 stands for; null if it is none.</summary>
    public static byte[]? Bytes(string base64)
    {
        // .NET skips white space, the RFC does not know any.
        if (base64.Any(char.IsWhiteSpace))
            return null;
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? bytes[..length] : null;
    }

    private static string Replace(string text, string comma, string equal) =>
        text.Replace("=2C", comma, StringComparison.Ordinal).Replace("=3D", equal, StringComparison.Ordinal);

    private static bool IsValue(char c) => c is >= '\x01' and <= '\x7f' and not ',';
}
