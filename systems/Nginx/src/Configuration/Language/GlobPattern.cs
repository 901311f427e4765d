namespace Microcosm.Nginx;

/// <summary>glob(3): <c>*</c>, <c>?</c> and <c>[…]</c> within the names of a path; a leading dot must be written out.</summary>
internal static class GlobPattern
{
    /// <summary>Paths that match, in byte order.</summary>
    /// <param name="list">Names in a folder; empty for what is none.</param>
    public static IReadOnlyList<string> Expand(string pattern, Func<string, IEnumerable<string>> list)
    {
        var found = new List<string> { pattern.StartsWith('/') ? "/" : "" };
        foreach (var segment in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new List<string>();
            foreach (var folder in found)
            {
                foreach (var name in list(folder).Where(n => IsMatch(segment, n)))
                    next.Add(folder.Length == 0 || folder.EndsWith('/') ? folder + name : $"{folder}/{name}");
            }
            found = next;
        }
        found.Sort(string.CompareOrdinal);
        return found;
    }

    /// <summary>True if a name matches a pattern without slashes.</summary>
    public static bool IsMatch(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name) =>
        (name.IsEmpty || name[0] != '.' || (!pattern.IsEmpty && pattern[0] == '.')) && Matches(pattern, name);

    private static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        while (!pattern.IsEmpty)
        {
            if (pattern[0] == '*')
            {
                for (var i = 0; i <= name.Length; i++)
                {
                    if (Matches(pattern[1..], name[i..]))
                        return true;
                }
                return false;
            }
            if (name.IsEmpty)
                return false;
            var length = 1;
            var fits = pattern[0] switch
            {
                '?' => true,
                '[' => InClass(pattern, name[0], out length),
                '\\' when pattern.Length > 1 => pattern[length++] == name[0],
                _ => pattern[0] == name[0],
            };
            if (!fits)
                return false;
            pattern = pattern[length..];
            name = name[1..];
        }
        return name.IsEmpty;
    }

    private static bool InClass(ReadOnlySpan<char> pattern, char ch, out int length)
    {
        var at = 1;
        var negated = at < pattern.Length && pattern[at] is '!' or '^';
        if (negated)
            at++;
        var (has, first) = (false, true);
        while (at < pattern.Length && (pattern[at] != ']' || first))
        {
            first = false;
            if (at + 2 < pattern.Length && pattern[at + 1] == '-' && pattern[at + 2] != ']')
            {
                has |= ch >= pattern[at] && ch <= pattern[at + 2];
                at += 3;
                continue;
            }
            has |= pattern[at++] == ch;
        }
        if (at >= pattern.Length)
        {
            // No class: a bracket that stands for itself.
            length = 1;
            return ch == '[';
        }
        length = at + 1;
        return has != negated;
    }
}
