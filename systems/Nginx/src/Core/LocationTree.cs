namespace Microcosm.Nginx;

/// <summary>
/// The locations of one level, for choosing. Prefixes are sorted; a search narrows them byte by byte from the left, so its cost is the
/// length of the path, not the number of locations.
/// </summary>
internal sealed class LocationTree
{
    private readonly Entry[] _prefixes;
    private readonly HttpLocation[] _patterns;

    public LocationTree(IReadOnlyList<LocationDraft> locations)
    {
        _patterns = [.. locations.Where(l => l.Kind == LocationKind.Pattern).Select(l => l.Made!)];
        _prefixes = [.. locations
            .Where(l => l.Kind is LocationKind.Prefix or LocationKind.PrefixNoPatterns or LocationKind.Exact)
            .GroupBy(l => l.Name, StringComparer.Ordinal)
            .Select(g => new Entry(Latin1.Bytes(g.Key),
                g.FirstOrDefault(l => l.Kind == LocationKind.Exact)?.Made,
                g.FirstOrDefault(l => l.Kind != LocationKind.Exact)?.Made))
            .OrderBy(e => e.Name, ByteOrder.Instance)];
    }

    private enum Outcome
    {
        None,
        Prefix,
        Final,
        Redirect,
    }

    private sealed record Entry(byte[] Name, HttpLocation? Exact, HttpLocation? Prefix);

    public static LocationTree Empty { get; } = new([]);

    /// <summary>Every location of the level that can be chosen by a path.</summary>
    public IEnumerable<HttpLocation> All => _prefixes.SelectMany(e => new[] { e.Exact, e.Prefix }).OfType<HttpLocation>().Concat(_patterns);

    /// <summary>
    /// The location for a path: an exact one; else the longest prefix, and in it the choice goes on; else the first pattern that matches,
    /// unless the prefix says not to ask patterns. Null if none.
    /// </summary>
    /// <param name="redirects">True if the location is <c>/x/</c>, the path <c>/x</c>, and the client is to be sent there.</param>
    public HttpLocation? Find(ReadOnlySpan<byte> path, RequestValues values, out bool redirects)
    {
        HttpLocation? found = null;
        redirects = Find(path, values, ref found) == Outcome.Redirect;
        return found;
    }

    private Outcome Find(ReadOnlySpan<byte> path, RequestValues values, ref HttpLocation? found)
    {
        var outcome = FindPrefix(path, ref found);
        var noPatterns = false;
        if (outcome == Outcome.Prefix)
        {
            noPatterns = found!.Kind == LocationKind.PrefixNoPatterns;
            outcome = found.Tree.Find(path, values, ref found);
        }
        if (outcome is Outcome.Final or Outcome.Redirect || noPatterns)
            return outcome;
        foreach (var candidate in _patterns)
        {
            if (!candidate.Pattern!.Match(path, values))
                continue;
            found = candidate;
            candidate.Tree.Find(path, values, ref found);
            return Outcome.Final;
        }
        return outcome;
    }

    private Outcome FindPrefix(ReadOnlySpan<byte> path, ref HttpLocation? found)
    {
        var outcome = Outcome.None;
        var (low, high) = (0, _prefixes.Length);
        for (var at = 0; low < high; at++)
        {
            // All of [low, high) begin with the path's first `at` bytes; the one that ends here, if any, stands first.
            var entry = _prefixes[low];
            if (entry.Name.Length == at)
            {
                if (at == path.Length)
                {
                    found = entry.Exact ?? entry.Prefix;
                    return entry.Exact is null ? Outcome.Prefix : Outcome.Final;
                }
                if (entry.Prefix is not null)
                    (found, outcome) = (entry.Prefix, Outcome.Prefix);
                low++;
            }
            if (at == path.Length)
                return RedirectOf(at, low, high) is { } redirect ? Redirect(redirect, out found) : outcome;
            Narrow(at, path[at], ref low, ref high);
        }
        return outcome;
    }

    private static Outcome Redirect(HttpLocation location, out HttpLocation? found)
    {
        found = location;
        return Outcome.Redirect;
    }

    // A location "/x/" that proxies sends "/x" to itself.
    private HttpLocation? RedirectOf(int length, int low, int high)
    {
        var at = Bound(length, (byte)'/', low, high);
        if (at >= high || _prefixes[at].Name.Length != length + 1 || _prefixes[at].Name[length] != (byte)'/')
            return null;
        var (exact, prefix) = (_prefixes[at].Exact, _prefixes[at].Prefix);
        return exact?.RedirectsToSlash == true || prefix?.RedirectsToSlash == true ? exact ?? prefix : null;
    }

    private void Narrow(int at, byte value, ref int low, ref int high)
    {
        var (from, to) = (Bound(at, value, low, high), value == 0xFF ? high : Bound(at, (byte)(value + 1), low, high));
        (low, high) = (from, to);
    }

    // The first of [low, high) whose byte at a place is not below a value.
    private int Bound(int at, byte value, int low, int high)
    {
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_prefixes[middle].Name[at] < value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static ByteOrder Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }
}
