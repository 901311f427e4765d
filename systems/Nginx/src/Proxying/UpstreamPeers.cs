using System.Net;
using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// What an upstream's servers are at a time: addresses of the configuration, and those that names have just now. An address that a name
/// keeps stays the same <see cref="Peer"/>, with what is remembered of it. Under its owner's lock.
/// </summary>
internal sealed class UpstreamPeers
{
    private readonly Upstream _upstream;
    private readonly Dictionary<UpstreamServer, Member[]> _members = new(ReferenceEqualityComparer.Instance);

    public UpstreamPeers(Upstream upstream)
    {
        _upstream = upstream;
        foreach (var server in upstream.Servers)
        {
            _members.Add(server, [.. server.Addresses.Select(a =>
                new Member(PeerOf(server, UpstreamServers.EndPointOf(a), server.Name, server.Weight), server.IsBackup, null))]);
        }
    }

    public PeerGroup Group()
    {
        var members = _upstream.Servers.SelectMany(s => _members[s]).ToLookup(m => m.IsBackup, m => m.Peer);
        return new PeerGroup([.. members[false]], [.. members[true]]);
    }

    public IReadOnlyList<ResolvedAddress> AddressesOf(UpstreamServer server) =>
        [.. _members[server].Select(m => m.Address).OfType<ResolvedAddress>()];

    /// <summary>False where nothing changed.</summary>
    public bool TryUpdate(UpstreamServer server, IReadOnlyList<ResolvedAddress> addresses)
    {
        var old = _members[server].ToList();
        var first = addresses.Count == 0 ? 0 : addresses.Min(a => a.Priority);
        var next = addresses.Select(a => Keep(old, server, a, a.Priority != first)).ToArray();
        if (old.Count == 0 && next.Length == _members[server].Length)
            return false;
        _members[server] = next;
        return true;
    }

    // The same peer where there is one; each is taken once.
    private static Member Keep(List<Member> old, UpstreamServer server, ResolvedAddress address, bool isLater)
    {
        var member = Made(server, address, server.IsBackup || isLater);
        var at = old.FindIndex(o => o.IsBackup == member.IsBackup && o.Peer.Address.Equals(member.Peer.Address)
            && o.Peer.Name == member.Peer.Name && o.Peer.Weight == member.Peer.Weight);
        if (at < 0)
            return member;
        member = old[at] with { Address = address };
        old.RemoveAt(at);
        return member;
    }

    private static Member Made(UpstreamServer server, ResolvedAddress address, bool isBackup)
    {
        var isService = server.Service.Length > 0;
        var peer = PeerOf(server, new IPEndPoint(address.Ip, isService ? address.Port : server.Port),
            isService ? address.Name : server.Name,
            isService && server.Weight == 1 ? address.Weight : server.Weight);
        return new Member(peer, isBackup, address);
    }

    private static Peer PeerOf(UpstreamServer server, EndPoint address, string name, int weight) => new(name, address)
    {
        Weight = weight, FailsMax = server.MaxFails, FailTimeoutSeconds = server.FailTimeoutSeconds,
        ConnectionsMax = server.MaxConns, IsDown = server.IsDown,
    };

    private sealed record Member(Peer Peer, bool IsBackup, ResolvedAddress? Address);
}
