using System.Net;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// An upstream that serves: its servers with their health, the policy that chooses among them, and idle connections. All workers share it,
/// so what one learns of a server all know; choosing is under a lock.
/// </summary>
internal sealed class UpstreamServers
{
    private readonly Upstream _upstream;
    private readonly UpstreamPeers _peers;
    private readonly RandomStream _random;
    private readonly Lock _gate = new();
    private volatile State _state;

    public UpstreamServers(Upstream upstream, IReadOnlyList<HttpWorker> workers, Seed seed)
    {
        _upstream = upstream;
        (_peers, _random) = (new UpstreamPeers(upstream), seed.Stream($"nginx/upstream-{upstream.Name}"));
        _state = StateOf(_peers.Group());
        var kept = upstream.KeepAlive;
        if (kept.Connections > 0)
        {
            Pool = new IdlePool(workers, kept.Connections)
            {
                TimeoutMs = kept.TimeoutMs, RequestsMax = (int)Math.Min(int.MaxValue, kept.Requests), TimeMs = kept.TimeMs,
            };
        }
    }

    public string Name => _upstream.Name;

    /// <summary>A name has other addresses now; raised before one of them can be chosen.</summary>
    public event Action? Updated;

    /// <summary>Servers that a request may be tried at.</summary>
    public int TriesMax => _state.TriesMax;

    /// <summary>There is no choice.</summary>
    public bool IsSingle => _state.Balancer.Group.IsSingle;

    /// <summary>Idle connections; null keeps none.</summary>
    public IdlePool? Pool { get; }

    /// <summary>What a request remembers of its tries.</summary>
    public Selection Select(HttpRequest request) => Select(request.Values, request.Client?.Address);

    /// <summary>The same of whoever has such values.</summary>
    public Selection Select(RequestValues values, IPAddress? client) => new()
    {
        Key = _upstream.Policy is BalancingPolicy.Hash hash ? hash.Key.Evaluate(values).ToArray() : [],
        Client = client,
        Balancer = _state.Balancer,
    };

    /// <summary>A server that was not tried yet; null where none may be asked.</summary>
    public Peer? Choose(Selection selection, long nowSeconds)
    {
        lock (_gate)
            return selection.Balancer!.Choose(selection, nowSeconds);
    }

    /// <summary>A try does well so far.</summary>
    public void Succeed(Selection selection)
    {
        lock (_gate)
            selection.Balancer!.Succeed(selection);
    }

    /// <summary>A try is over. True where its server is not asked for a while because of it.</summary>
    public bool Release(Selection selection, bool hasFailed, long nowSeconds)
    {
        lock (_gate)
            return selection.Balancer!.Release(selection, hasFailed, nowSeconds);
    }

    /// <summary>Shows all servers while none can be chosen or changed: for whoever watches them.</summary>
    public void Watch(Action<IReadOnlyList<Peer>> look)
    {
        lock (_gate)
            look(Look((peer, _) => peer));
    }

    /// <summary>A check says something else of a server now.</summary>
    public void Tell(Peer peer, HealthChecker checker)
    {
        lock (_gate)
            peer.Tell(checker, checker.Check.State);
    }

    /// <summary>A server's name has these addresses now. Those that it had before keep their health.</summary>
    public void Resolved(UpstreamServer server, IReadOnlyList<ResolvedAddress> addresses)
    {
        lock (_gate)
        {
            if (!_peers.TryUpdate(server, addresses))
                return;
            _state = StateOf(_peers.Group());
            Updated?.Invoke();
        }
    }

    /// <summary>Addresses that a server's name has now.</summary>
    public IReadOnlyList<ResolvedAddress> AddressesOf(UpstreamServer server)
    {
        lock (_gate)
            return _peers.AddressesOf(server);
    }

    /// <summary>An address as sockets take it.</summary>
    public static EndPoint EndPointOf(Address address) =>
        address.Path is { } path ? new UnixEndPoint(path) : new IPEndPoint(address.Ip!, address.Port);

    /// <summary>What is remembered of each server, backups last: under the lock, so that a copy is of one moment.</summary>
    public IReadOnlyList<T> Look<T>(Func<Peer, bool, T> copy)
    {
        lock (_gate)
        {
            var group = _state.Balancer.Group;
            return [.. group.Peers.Select(p => copy(p, false)), .. group.Backup?.Peers.Select(p => copy(p, true)) ?? []];
        }
    }

    /// <summary>A server's address as variables and logs show it.</summary>
    public string TextOf(Peer peer) => _state.Texts.TryGetValue(peer, out var text) ? text : TextOf(peer.Address);

    /// <summary>An address as variables and logs show it.</summary>
    public static string TextOf(EndPoint address) => address is UnixEndPoint unix ? $"unix:{unix.Path}" : address.ToString()!;

    private State StateOf(PeerGroup group)
    {
        Balancer balancer = _upstream.Policy switch
        {
            BalancingPolicy.LeastConnections => new LeastConnections(group),
            BalancingPolicy.IpHash => new IpHash(group),
            BalancingPolicy.Hash hash => hash.IsConsistent ? new ConsistentHash(group) : new KeyHash(group),
            BalancingPolicy.Random random => random.OfTwo ? new RandomTwo(group, _random.Next) : new RandomOne(group, _random.Next),
            _ => new RoundRobin(group),
        };
        var all = group.Peers.Concat(group.Backup?.Peers ?? []).ToArray();
        return new State(balancer, all.Count(p => !p.IsDown), all.ToDictionary(p => p, p => TextOf(p.Address)));
    }

    private sealed record State(Balancer Balancer, int TriesMax, IReadOnlyDictionary<Peer, string> Texts);
}
