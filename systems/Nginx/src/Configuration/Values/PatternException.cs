namespace Microcosm.Nginx;

/// <summary>A pattern that PCRE2 refuses, in its words; the offset is where it stopped.</summary>
internal sealed class PatternException(string reason, int offset) : Exception(reason)
{
    /// <summary>Characters of the pattern before the place.</summary>
    public int Offset { get; } = offset;

    /// <summary>As nginx words it: with the rest of the pattern, unless the pattern ended.</summary>
    public string Describe(string pattern) => Offset < pattern.Length
        ? $"pcre2_compile() failed: {Message} in \"{pattern}\" at \"{pattern[Offset..]}\""
        : $"pcre2_compile() failed: {Message} in \"{pattern}\"";
}
