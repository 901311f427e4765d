namespace Microcosm.Nginx;

/// <summary>The servers of all upstreams that requests go to, with what is remembered of them. Thread-safe.</summary>
internal sealed class UpstreamTable(NginxServer server)
{
    // Addresses that variables gave, at most.
    private const int AddressesMax = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<Address, UpstreamServers> _addresses = [];
    private Dictionary<Upstream, UpstreamServers> _upstreams = new(ReferenceEqualityComparer.Instance);

    /// <summary>The servers of an upstream.</summary>
    public UpstreamServers Of(Upstream upstream)
    {
        lock (_gate)
        {
            if (!_upstreams.TryGetValue(upstream, out var servers))
                _upstreams.Add(upstream, servers = Make(upstream));
            return servers;
        }
    }

    /// <summary>A server that no upstream declares; its connections are not kept.</summary>
    public UpstreamServers OfAddress(Address address)
    {
        lock (_gate)
        {
            if (_addresses.TryGetValue(address, out var servers))
                return servers;
            if (_addresses.Count >= AddressesMax)
                _addresses.Clear();
            var name = address.ToString();
            servers = Make(new Upstream(name, 0, [new UpstreamServer(name, [address])], new BalancingPolicy.RoundRobin(),
                new UpstreamKeepAlive(0, false, 0, 0, 0), null, null, 0));
            _addresses.Add(address, servers);
            return servers;
        }
    }

    /// <summary>Forgets upstreams that no configuration has any more; requests to them go on.</summary>
    public void Keep(IReadOnlyList<Upstream> upstreams)
    {
        lock (_gate)
        {
            var kept = new Dictionary<Upstream, UpstreamServers>(ReferenceEqualityComparer.Instance);
            foreach (var upstream in upstreams)
            {
                if (_upstreams.TryGetValue(upstream, out var servers))
                    kept.Add(upstream, servers);
            }
            _upstreams = kept;
        }
    }

    private UpstreamServers Make(Upstream upstream) => new(upstream, [.. server.Workers.Select(w => w.Http)], server.Seed);
}
