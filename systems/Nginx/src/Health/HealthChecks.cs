using System.Net;

namespace Microcosm.Nginx;

/// <summary>The active checks of a configuration. Of its owner's executor, or before it serves.</summary>
internal sealed class HealthChecks
{
    private readonly List<GroupChecks> _groups = [];

    /// <summary>Begins them.</summary>
    /// <param name="before">Upstreams of the configuration that held before.</param>
    public HealthChecks(NginxServer server, NginxConfiguration configuration, UpstreamTlsContexts contexts, IReadOnlyList<Upstream> before)
    {
        var rules = configuration.Http?.HealthRules ?? [];
        for (var i = 0; i < rules.Count; i++)
        {
            var (rule, worker) = (rules[i], server.Workers[i % server.Workers.Count]);
            var old = rule.IsPersistent ? before.FirstOrDefault(u => u.Name == rule.Upstream.Name) : null;
            IReadOnlySet<EndPoint> trusted = old is null ? new HashSet<EndPoint>()
                : server.Upstreams.Of(old).Look((p, _) => p).Where(p => p.Checkers.Any() && p.IsUsable).Select(p => p.Address).ToHashSet();
            _groups.Add(new GroupChecks(rule, worker, server.Upstreams.Of(rule.Upstream),
                HealthRequest.Of(rule, worker.Http, configuration.Http!.Variables, contexts),
                server.Seed.Stream($"nginx/health-{rule.Upstream.Name}-{i}"), trusted));
        }
    }

    /// <summary>Ends them.</summary>
    public void End()
    {
        foreach (var group in _groups)
            group.End();
    }
}
