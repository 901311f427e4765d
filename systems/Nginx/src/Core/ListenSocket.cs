namespace Microcosm.Nginx;

/// <summary>An address to listen on, with the servers behind it.</summary>
internal sealed class ListenSocket<TServer>(
    Address address, ListenOptions options, TServer defaultServer, HostNameTable<TServer> names,
    IReadOnlyList<(VariablePattern Pattern, TServer Server)> patterns)
{
    public Address Address { get; } = address;

    public ListenOptions Options { get; } = options;

    /// <summary>For what no name fits.</summary>
    public TServer DefaultServer { get; } = defaultServer;

    /// <summary>
    /// The server for a host in small letters, without port and trailing dot: an exact name, the longest wildcard, the first pattern, or
    /// the default one.
    /// </summary>
    public TServer Find(ReadOnlySpan<byte> host, RequestValues values)
    {
        if (names.TryFind(host, out var server))
            return server;
        foreach (var (pattern, candidate) in patterns)
        {
            if (pattern.Match(host, values))
                return candidate;
        }
        return DefaultServer;
    }
}
