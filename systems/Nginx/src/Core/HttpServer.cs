namespace Microcosm.Nginx;

/// <summary>A finished server.</summary>
internal sealed class HttpServer(ServerDraft draft)
{
    private readonly BytePattern[] _namePatterns = [.. draft.Names.Where(n => n.Pattern is not null).Select(n => n.Pattern!.Pattern)];

    private readonly Lazy<HostNameTable<bool>> _nameTable = new(() =>
    {
        var table = new HostNameTable<bool>();
        foreach (var name in draft.Names.Where(n => n.Pattern is null))
            table.Add(name.Text, true, wildcards: true);
        return table;
    });

    /// <summary>The first name: <c>$server_name</c>.</summary>
    public string Name { get; } = draft.Names.Count == 0 ? ""
        : draft.Names[0].Pattern is not null ? "~" + draft.Names[0].Text
        : draft.Names[0].Text.StartsWith('.') ? draft.Names[0].Text[1..] : draft.Names[0].Text;

    /// <summary>Every name as written, in small letters.</summary>
    public IReadOnlyList<string> Names { get; } = [.. draft.Names.Select(n => n.Text)];

    /// <summary>Settings on its own level.</summary>
    public Level Level { get; } = draft.Level;

    /// <summary>What stands outside of locations; its tree chooses among them.</summary>
    public HttpLocation Root { get; } = draft.Root.Made!;

    /// <summary>Locations by name, with their at-sign.</summary>
    public IReadOnlyDictionary<string, HttpLocation> NamedLocations { get; } = draft.Root.Inner
        .Where(l => l.Kind == LocationKind.Named)
        .GroupBy(l => l.Name, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => g.First().Made!, StringComparer.Ordinal);

    /// <summary>Whether a host in small letters is one of its names, by whatever wildcard or pattern.</summary>
    public bool HasName(string host) =>
        _nameTable.Value.TryFind(host, out _) || Array.Exists(_namePatterns, p => p.IsMatch(Latin1.Bytes(host)));

    /// <summary>The location for a path; the root where none fits.</summary>
    /// <param name="redirects">True if the client is to be sent to the path with a slash behind it.</param>
    public HttpLocation FindLocation(ReadOnlySpan<byte> path, RequestValues values, out bool redirects) =>
        Root.Tree.Find(path, values, out redirects) ?? Root;
}
