namespace Microcosm.Testing;

/// <summary>A line of a <see cref="Transcript"/> that does something.</summary>
/// <param name="Client">Who: empty, or as in <c>@2&gt; GET k</c> the name with its mark: <c>@2</c>.</param>
/// <param name="Mark">What it does.</param>
/// <param name="Request">What is asked; empty of what only takes.</param>
public readonly record struct TranscriptLine(string Client, TranscriptMark Mark, string Request)
{
    internal static bool TryParse(string text, out TranscriptLine line)
    {
        line = default;
        var at = text.StartsWith('@') ? text.AsSpan().IndexOfAny('>', '&', '<') : 0;
        if (at < 0 || at >= text.Length)
            return false;
        var (client, rest) = (text[..at], text[at..]);
        if (rest == "<")
            line = new(client, TranscriptMark.Take, "");
        else if (rest.StartsWith("> ", StringComparison.Ordinal) || rest.StartsWith("& ", StringComparison.Ordinal))
            line = new(client, rest[0] == '>' ? TranscriptMark.Ask : TranscriptMark.Begin, rest[2..]);
        else
            return false;
        return true;
    }
}
