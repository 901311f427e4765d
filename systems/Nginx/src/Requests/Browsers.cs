namespace Microcosm.Nginx;

/// <summary>Whether a browser is modern, by its User-Agent (nginx: ngx_http_browser_module).</summary>
internal static class Browsers
{
    // In the order in which they are looked for: where the name may begin, the name, and the bytes before the version.
    private static readonly (string Browser, int Skip, string Name, int Add)[] Known =
    [
        ("opera", 0, "Opera", "Opera ".Length),
        ("msie", "Mozilla/4.0 (compatible; ".Length, "MSIE ", "MSIE ".Length),
        ("gecko", "Mozilla/5.0 (".Length, "rv:", "rv:".Length),
        ("safari", "Mozilla/5.0 (".Length, "Safari/", "Safari/".Length),
        ("konqueror", "Mozilla/5.0 (compatible; ".Length, "Konqueror/", "Konqueror/".Length),
    ];

    /// <param name="agent">Null where the client does not say.</param>
    public static bool IsModern(Level level, string? agent)
    {
        var listed = level.Get(BrowserModule.ModernBrowser);
        var isUnlistedModern = listed.Any(b => b.Name == "unlisted");
        if (agent is null)
            return isUnlistedModern;
        if (listed.Any(b => b.Name != "unlisted"))
        {
            foreach (var known in Known)
            {
                // Opera pretends to be MSIE: it is looked for even where no version of it is modern.
                var versions = listed.Where(b => b.Name == known.Browser).Select(b => b.Version)
                    .DefaultIfEmpty(known.Browser == "opera" ? long.MaxValue : -1);
                foreach (var version in versions)
                {
                    if (version >= 0 && VersionOf(agent, known.Skip, known.Name, known.Add) is { } own)
                        return own >= version;
                }
            }
            if (!isUnlistedModern)
                return false;
        }
        var ancient = level.Get(BrowserModule.AncientBrowser);
        if (ancient.Contains("netscape4") && agent.Length > "Mozilla/4.72 ".Length
            && agent.StartsWith("Mozilla/", StringComparison.Ordinal) && agent[8] is > '0' and < '5')
            return false;
        return !ancient.Any(a => a != "netscape4" && agent.Contains(a, StringComparison.Ordinal)) && isUnlistedModern;
    }

    /// <summary>Whether it is Internet Explorer, and none that only says so.</summary>
    public static bool IsMsie(ReadOnlySpan<byte> agent) =>
        agent.IndexOf("MSIE "u8) is >= 0 and var at && at + 7 < agent.Length && agent.IndexOf("Opera"u8) < 0;

    // Numbers between points, the first a million, each of the next a hundredth of the one before.
    private static long? VersionOf(string agent, int skip, string name, int add)
    {
        if (skip >= agent.Length)
            return null;
        var at = agent.IndexOf(name, skip, StringComparison.Ordinal);
        if (at < 0 || at + add >= agent.Length)
            return null;
        var (version, number, scale) = (0L, 0L, 1_000_000L);
        foreach (var c in agent.AsSpan(at + add))
        {
            if (char.IsAsciiDigit(c) && number < 1_000_000)
                number = number * 10 + (c - '0');
            else if (c == '.')
                (version, number, scale) = (version + number * scale, 0, scale / 100);
            else
                break;
        }
        return version + number * scale;
    }
}
