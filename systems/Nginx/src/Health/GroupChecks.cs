using System.Net;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// The checks of one rule: one for each server of its group, also of those that a name gets later. They run on one worker; all workers know
/// what they say. Changed under its servers' lock.
/// </summary>
internal sealed class GroupChecks
{
    private readonly HealthRule _rule;
    private readonly NginxWorker _worker;
    private readonly UpstreamServers _servers;
    private readonly HealthProbe _probe;
    private readonly RandomStream _random;
    private readonly IReadOnlySet<EndPoint> _trusted;
    private readonly Dictionary<Peer, HealthChecker> _checkers = [];

    /// <param name="trusted">Servers that need not wait for their first check.</param>
    public GroupChecks(HealthRule rule, NginxWorker worker, UpstreamServers servers, HealthProbe probe, RandomStream random,
        IReadOnlySet<EndPoint> trusted)
    {
        (_rule, _worker, _servers, _probe, _random, _trusted) = (rule, worker, servers, probe, random, trusted);
        servers.Updated += Update;
        Update();
    }

    /// <summary>Ends them; what they said last of a server stands.</summary>
    public void End()
    {
        _servers.Watch(_ =>
        {
            _servers.Updated -= Update;
            foreach (var checker in _checkers.Values)
                _worker.Http.Executor.Post(checker.End);
            _checkers.Clear();
        });
    }

    private void Update() => _servers.Watch(Update);

    // Before a server can be asked it is known whether it has to wait.
    private void Update(IReadOnlyList<Peer> peers)
    {
        foreach (var gone in _checkers.Keys.Except(peers).ToArray())
        {
            _worker.Http.Executor.Post(_checkers[gone].End);
            _checkers.Remove(gone);
        }
        foreach (var peer in peers.Where(p => !p.IsDown && !_checkers.ContainsKey(p)))
        {
            var checker = new HealthChecker(_worker.Http, AddressOf(peer), _probe, _rule.Options, _random.NextDouble,
                (c, result, isOther) => Told(peer, c, result, isOther));
            if (_trusted.Contains(peer.Address))
                checker.Check.Trust();
            _checkers.Add(peer, checker);
            _servers.Tell(peer, checker);
            _worker.Http.Executor.Post(checker.Begin);
        }
    }

    private EndPoint AddressOf(Peer peer) =>
        _rule.Port > 0 && peer.Address is IPEndPoint ip ? new IPEndPoint(ip.Address, _rule.Port) : peer.Address;

    private void Told(Peer peer, HealthChecker checker, HealthResult result, bool isOther)
    {
        if (!isOther)
            return;
        _servers.Tell(peer, checker);
        var (level, says) = result.HasPassed ? (LogLevel.Notice, "peer is healthy")
            : (LogLevel.Warn, $"peer is unhealthy while {result.Fault}");
        _worker.ErrorLogs.Write(_rule.Level, _rule.IsStream ? StreamCoreModule.ErrorLogs : HttpCoreModule.ErrorLogs, level,
            $"{says}, health check \"{_rule.Match}\" of peer {_servers.TextOf(peer)} in upstream \"{_servers.Name}\"");
    }
}
