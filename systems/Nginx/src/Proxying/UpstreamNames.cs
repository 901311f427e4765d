using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// Looks up the name of an upstream's server again and again while nginx serves (ngx_http_upstream_zone_module): when what was found holds
/// no more, and after a failure, which changes nothing. A name that is not there any more has no servers. On its worker's executor.
/// </summary>
internal sealed class UpstreamNames : Deadline
{
    private readonly NginxWorker _worker;
    private readonly Upstream _upstream;
    private readonly UpstreamServer _server;
    private readonly UpstreamServers _servers;
    private readonly Resolver _resolver;
    private Lookup? _lookup;
    private bool _isOver;

    public UpstreamNames(NginxWorker worker, Upstream upstream, UpstreamServer server, UpstreamServers servers)
    {
        (_worker, _upstream, _server, _servers) = (worker, upstream, server, servers);
        _resolver = worker.ResolverOf(upstream.Resolver!);
    }

    public void Begin() => Expired();

    public void End()
    {
        _isOver = true;
        _lookup?.Cancel();
        _worker.Http.Deadlines.Remove(this);
    }

    protected override void Expired()
    {
        if (_isOver)
            return;
        _lookup = _server.Service.Length > 0
            ? _resolver.ResolveService(_server.Host, _server.Service, _upstream.ResolverTimeoutMs, Came)
            : _resolver.Resolve(_server.Host, _upstream.ResolverTimeoutMs, Came);
    }

    private void Came(Resolution resolution)
    {
        _lookup = null;
        foreach (var (name, status) in resolution.Failed ?? [])
        {
            _worker.ErrorLogs.Write(LogLevel.Error,
                $"{ResolveFailure.Text(name, status)} while resolving service {_server.Service} of {_server.Host}");
        }
        if (resolution.Status != ResolveStatus.Ok)
        {
            var what = _server.Service.Length > 0 ? $"service {_server.Service} of {_server.Host}" : _server.Host;
            _worker.ErrorLogs.Write(LogLevel.Error, ResolveFailure.Text(what, resolution.Status));
            if (resolution.Status != ResolveStatus.NotFound)
            {
                _worker.Http.Deadlines.Set(this, Math.Max(_upstream.ResolverTimeoutMs, 1000));
                return;
            }
        }
        _servers.Resolved(_server, resolution.Addresses);
        _worker.Http.Deadlines.Set(this, (resolution.ValidSeconds + 1) * 1000);
    }
}
