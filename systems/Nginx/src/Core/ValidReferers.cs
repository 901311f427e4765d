using System.Text;

namespace Microcosm.Nginx;

/// <summary>Which Referer headers are valid: by host and the beginning of the path, by pattern, or none at all.</summary>
internal sealed class ValidReferers
{
    private const int HostMax = 256;

    // Shorter than http://i.ru is no URL.
    private const int LengthMin = 11;

    private int _hosts;

    public bool AllowsNone { get; set; }

    /// <summary>A header that does not begin with http:// or https:// (cut by a proxy or firewall) is valid.</summary>
    public bool AllowsBlocked { get; set; }

    /// <summary>The server's own names are valid hosts.</summary>
    public bool AllowsServerNames { get; set; }

    /// <summary>Path prefixes by host; an empty one for any path.</summary>
    private HostNameTable<string> Hosts { get; } = new();

    public List<BytePattern> Patterns { get; } = [];

    /// <summary>True if the header is valid.</summary>
    public bool IsValid(ReadOnlySpan<byte> referer, bool isPresent, HttpServer server)
    {
        // Without a host there is nothing to be invalid by.
        if (_hosts == 0 && Patterns.Count == 0 && !AllowsServerNames)
            return true;
        if (!isPresent)
            return AllowsNone;
        var scheme = referer.Length < LengthMin ? 0 : StartsWith(referer, "http://"u8) ? 7 : StartsWith(referer, "https://"u8) ? 8 : 0;
        if (scheme == 0)
            return AllowsBlocked;
        var rest = referer[scheme..];
        var slash = rest.IndexOf((byte)'/');
        var path = slash < 0 ? default : rest[slash..];
        var authority = slash < 0 ? rest : rest[..slash];
        var colon = authority.IndexOf((byte)':');
        var host = colon < 0 ? authority : authority[..colon];
        if (host.Length > HostMax)
            return false;
        var name = Latin1.Lower(Latin1.Text(host));
        if (Hosts.TryFind(name, out var prefix))
            return path.StartsWith(Encoding.Latin1.GetBytes(prefix));
        if (AllowsServerNames && server.HasName(name))
            return true;
        foreach (var pattern in Patterns)
        {
            if (pattern.IsMatch(rest))
                return true;
        }
        return false;
    }

    /// <summary>Adds a host, as it is written in the configuration, with the beginning of the path.</summary>
    public HostNameAdded AddHost(string host, string path)
    {
        _hosts++;
        return Hosts.Add(host, path, wildcards: true);
    }

    private static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);
}
