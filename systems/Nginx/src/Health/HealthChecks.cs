using System.Net;

namespace Microcosm.Nginx;

/// <summary>The active checks of a configuration. Of its owner's executor, or before it serves.</summary>
internal sealed class HealthChecks
{
    private readonly List<GroupChecks> _groups = [];

    /// <summary>Begins them.</summary>
    /// <param name="before">Upstreams of the configuration that held before.</param>
    public HealthChecks(NginxServer server, NginxConfiguration configuration, HealthProbes probes, IReadOnlyList<Upstream> before)
    {
        HealthRule[] rules = [.. configuration.Http?.HealthRules ?? [], .. configuration.Stream?.HealthRules ?? []];
        for (var i = 0; i < rules.Length; i++)
        {
            var (rule, worker) = (rules[i], server.Workers[i % server.Workers.Count]);
            _groups.Add(new GroupChecks(rule, worker, server.Upstreams.Of(rule.Upstream), probes.Of(rule, worker.Http),
                server.Seed.Stream($"nginx/health-{rule.Upstream.Name}-{i}"), TrustedOf(server, rule, before)));
        }
    }

    /// <summary>Ends them.</summary>
    public void End()
    {
        foreach (var group in _groups)
            group.End();
    }

    private static HashSet<EndPoint> TrustedOf(NginxServer server, HealthRule rule, IReadOnlyList<Upstream> before)
    {
        if (!rule.IsPersistent || before.FirstOrDefault(u => u.Name == rule.Upstream.Name && u.Zone?.Name == rule.Upstream.Zone?.Name)
            is not { } old)
            return [];
        return [.. server.Upstreams.Of(old).Look((p, _) => p).Where(p => p.Checkers.Any() && p.IsUsable).Select(p => p.Address)];
    }
}
