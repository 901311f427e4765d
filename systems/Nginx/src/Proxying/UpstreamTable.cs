using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>The servers of all upstreams that requests go to, with what is remembered of them. Thread-safe.</summary>
internal sealed class UpstreamTable(NginxServer server)
{
    // Addresses that variables gave, at most.
    private const int AddressesMax = 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<Address, UpstreamServers> _addresses = [];
    private readonly List<(NginxWorker Worker, UpstreamNames Names)> _names = [];
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
            servers = Make(address.ToString(), [address]);
            _addresses.Add(address, servers);
            return servers;
        }
    }

    /// <summary>The addresses of a name that a request's variables gave; they are its own, and so is what it learns of them.</summary>
    public UpstreamServers OfName(string name, int port, IReadOnlyList<ResolvedAddress> addresses) =>
        Make(name, [.. addresses.Select(a => new Address(a.Ip, port, null))]);

    /// <summary>Begins to look up names of these upstreams' servers, and ends to look up others. Until a name is known its server has the
    /// addresses that it had before.</summary>
    public void BeginNames(IReadOnlyList<Upstream> upstreams, IReadOnlyList<Upstream> before)
    {
        EndNames();
        foreach (var upstream in upstreams)
        {
            foreach (var resolved in upstream.Servers.Where(s => s.IsResolved))
            {
                var servers = Of(upstream);
                if (FindBefore(before, upstream, resolved) is { Count: > 0 } known)
                    servers.Resolved(resolved, known);
                var worker = server.Workers[_names.Count % server.Workers.Count];
                var names = new UpstreamNames(worker, upstream, resolved, servers);
                _names.Add((worker, names));
                worker.Http.Executor.Post(names.Begin);
            }
        }
    }

    /// <summary>Looks up no more.</summary>
    public void EndNames()
    {
        foreach (var (worker, names) in _names)
            worker.Http.Executor.Post(names.End);
        _names.Clear();
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

    private IReadOnlyList<ResolvedAddress>? FindBefore(IReadOnlyList<Upstream> before, Upstream upstream, UpstreamServer resolved)
    {
        var old = before.FirstOrDefault(u => u.Name == upstream.Name && u.Zone?.Name == upstream.Zone?.Name);
        return old?.Servers.FirstOrDefault(s => s.IsResolved && s.Host == resolved.Host && s.Service == resolved.Service) is { } same
            ? Of(old).AddressesOf(same) : null;
    }

    private UpstreamServers Make(string name, IReadOnlyList<Address> addresses) =>
        Make(new Upstream(name, 0, [new UpstreamServer(name, addresses)], new BalancingPolicy.RoundRobin(),
            new UpstreamKeepAlive(0, false, 0, 0, 0), null, null, 0));

    private UpstreamServers Make(Upstream upstream) => new(upstream, [.. server.Workers.Select(w => w.Http)], server.Seed);
}
