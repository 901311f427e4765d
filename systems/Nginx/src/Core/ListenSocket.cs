using System.Diagnostics.CodeAnalysis;

namespace Microcosm.Nginx;

/// <summary>An address to listen on, with the servers behind it.</summary>
internal sealed class ListenSocket<TServer>(
    Address address, ListenOptions options, TServer defaultServer, HostNameTable<TServer> names,
    IReadOnlyList<(VariablePattern Pattern, TServer Server)> patterns)
{
    public Address Address { get; } = address;

    public ListenOptions Options { get; } = options;

    public ListenPoint Point => new(Address, Options.IsUdp);

    /// <summary>For what no name fits.</summary>
    public TServer DefaultServer { get; } = defaultServer;

    /// <summary>True where names of servers are patterns.</summary>
    public bool HasPatterns => patterns.Count > 0;

    /// <summary>
    /// The server for a host in small letters, without port and trailing dot: an exact name, the longest wildcard, the first pattern, or
    /// the default one.
    /// </summary>
    public TServer Find(ReadOnlySpan<byte> host, RequestValues values) => TryFind(host, values, out var server) ? server : DefaultServer;

    /// <summary>The server that has the host among its names.</summary>
    /// <param name="values">Where captures go; null where there are no patterns.</param>
    public bool TryFind(ReadOnlySpan<byte> host, RequestValues? values, [MaybeNullWhen(false)] out TServer server)
    {
        if (names.TryFind(host, out server))
            return true;
        foreach (var (pattern, candidate) in patterns)
        {
            // No host fits no pattern, not even one of everything.
            if (host.IsEmpty || !pattern.Match(host, values!))
                continue;
            server = candidate;
            return true;
        }
        server = default;
        return false;
    }
}
