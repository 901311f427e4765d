using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Microcosm.Nginx;

/// <summary>A compiled pattern of the configuration: PCRE's language over bytes.</summary>
internal sealed class BytePattern
{
    private readonly Regex _regex;

    private BytePattern(string source, Regex regex, int groups, IReadOnlyList<(string, int)> names)
    {
        Source = source;
        _regex = regex;
        Groups = groups;
        Names = names;
    }

    /// <summary>As the configuration has it, without the modifier.</summary>
    public string Source { get; }

    /// <summary>How many groups capture.</summary>
    public int Groups { get; }

    /// <summary>Named groups with their numbers, by name.</summary>
    public IReadOnlyList<(string Name, int Group)> Names { get; }

    /// <summary>Compiles. Throws <see cref="ConfigurationException"/> in PCRE2's words.</summary>
    public static BytePattern Compile(string source, bool ignoreCase)
    {
        try
        {
            var translator = new PatternTranslator(source, ignoreCase);
            var regex = new Regex(translator.Translate(), RegexOptions.CultureInvariant);
            return new BytePattern(source, regex, translator.Groups, translator.Names);
        }
        catch (PatternException e)
        {
            throw new ConfigurationException(e.Describe(source));
        }
        catch (ArgumentException e)
        {
            throw new ConfigurationException($"pcre2_compile() failed: {e.Message} in \"{source}\"");
        }
    }

    /// <summary>True if it matches anywhere in <paramref name="subject"/>; allocates nothing.</summary>
    public bool IsMatch(ReadOnlySpan<byte> subject)
    {
        char[]? rented = null;
        var chars = subject.Length <= 512 ? stackalloc char[subject.Length] : (rented = ArrayPool<char>.Shared.Rent(subject.Length));
        Encoding.Latin1.GetChars(subject, chars);
        var matches = _regex.IsMatch(chars[..subject.Length]);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return matches;
    }

    /// <summary>Matches and remembers the captures; they stay as they were when it does not match.</summary>
    public bool Match(ReadOnlySpan<byte> subject, Captures captures)
    {
        var match = _regex.Match(Encoding.Latin1.GetString(subject));
        if (!match.Success)
            return false;
        captures.Begin(subject, Groups + 1);
        for (var i = 0; i <= Groups; i++)
        {
            var group = match.Groups[i];
            captures.Set(i, group.Success ? group.Index : -1, group.Length);
        }
        return true;
    }
}
