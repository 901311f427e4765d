namespace Microcosm.Nginx;

/// <summary><c>expires</c>: seconds from a moment, or a text that says them for each request.</summary>
internal sealed record Expires(ExpiresKind Kind, long Seconds, ComplexValue? Value)
{
    /// <summary>Reads a time; says what nginx says on failure. A request's value is read the same way.</summary>
    public static Expires? Parse(string text, ExpiresKind kind, out string error)
    {
        error = "";
        if (kind != ExpiresKind.Modified && text is "epoch" or "max" or "off")
            return new Expires(text switch { "epoch" => ExpiresKind.Epoch, "max" => ExpiresKind.Max, _ => ExpiresKind.Off }, 0, null);
        if (text.StartsWith('@'))
        {
            if (kind == ExpiresKind.Modified)
            {
                error = "daily time cannot be used with \"modified\" parameter";
                return null;
            }
            kind = ExpiresKind.Daily;
        }
        var seconds = Measures.Seconds(text is ['@' or '+' or '-', ..] ? text.AsSpan(1) : text);
        error = seconds is null ? "invalid value"
            : kind == ExpiresKind.Daily && seconds > 86400 ? "daily time value must be less than 24 hours" : "";
        return error.Length > 0 ? null : new Expires(kind, text.StartsWith('-') ? -seconds!.Value : seconds!.Value, null);
    }
}
