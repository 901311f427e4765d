namespace Microcosm.Nginx;

/// <summary>Content types by extension; extensions know no case.</summary>
internal sealed class MimeTypes
{
    private readonly Dictionary<string, string> _byExtension = new(StringComparer.Ordinal);

    /// <summary>What holds where no <c>types</c> block is.</summary>
    public static MimeTypes Default { get; } = CreateDefault();

    public int Count => _byExtension.Count;

    /// <summary>Adds; gives the type that the extension had before.</summary>
    public string? Add(string extension, string type)
    {
        var key = Latin1.Lower(extension);
        _byExtension.TryGetValue(key, out var old);
        _byExtension[key] = type;
        return old;
    }

    /// <summary>The type for a path's extension, or null.</summary>
    public string? Find(ReadOnlySpan<byte> path)
    {
        var dot = path.LastIndexOfAny((byte)'.', (byte)'/');
        if (dot < 0 || path[dot] == '/' || dot + 1 == path.Length)
            return null;
        Span<char> extension = stackalloc char[Math.Min(64, path.Length - dot - 1)];
        if (path.Length - dot - 1 > extension.Length)
            return null;
        for (var i = 0; i < extension.Length; i++)
            extension[i] = (char)Latin1.Lower(path[dot + 1 + i]);
        return _byExtension.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(extension, out var type) ? type : null;
    }

    private static MimeTypes CreateDefault()
    {
        var types = new MimeTypes();
        types.Add("html", "text/html");
        types.Add("gif", "image/gif");
        types.Add("jpg", "image/jpeg");
        return types;
    }
}
