namespace Microcosm.Nginx;

/// <summary>Makes upstreams of what was declared and used: names that are looked up now, what must be there, what is kept open.</summary>
internal static class UpstreamCompiler
{
    private const int DefaultKeepAliveConnections = 32;

    public static void Compile(ConfigurationLoader loader, PartDraft part)
    {
        foreach (var draft in part.Upstreams)
        {
            Complete(loader, draft);
            draft.Made = Make(loader, draft);
        }
    }

    private static void Complete(ConfigurationLoader loader, UpstreamDraft draft)
    {
        if (draft.IsDeclared)
        {
            if (draft.Servers.All(s => s.IsBackup))
                throw ConfigurationException.Unplaced($"no servers in upstream \"{draft.Host}\" in {draft.Place}");
            var names = draft.Servers.Exists(s => s.IsResolved);
            if (names && draft.Zone is null)
                throw ConfigurationException.Unplaced(
                    $"resolving names at run time requires upstream \"{draft.Host}\" in {draft.Place} to be in shared memory");
            if (names && ResolverOf(loader, draft) is null)
                throw ConfigurationException.Unplaced(
                    $"no resolver defined to resolve names at run time in upstream \"{draft.Host}\" in {draft.Place}");
            return;
        }
        if (draft.Servers.Count > 0)
            return;
        if (draft.Port == 0)
            throw ConfigurationException.Unplaced($"no port in upstream \"{draft.Host}\" in {draft.Place}");
        var addresses = loader.Names.Resolve(draft.Host);
        if (addresses.Count == 0)
            throw ConfigurationException.Unplaced($"host not found in upstream \"{draft.Host}\" in {draft.Place}");
        draft.Servers.Add(new UpstreamServer(draft.Host, [.. addresses.Select(ip => new Address(ip, draft.Port, null))]));
    }

    private static ResolverAddresses? ResolverOf(ConfigurationLoader loader, UpstreamDraft draft) =>
        LevelOf(draft)?.Get(loader.IsStreamPart(draft) ? StreamCoreModule.Resolver : HttpCoreModule.Resolver);

    private static Level? LevelOf(UpstreamDraft draft) => draft.Level ?? draft.UsedFrom;

    private static Upstream Make(ConfigurationLoader loader, UpstreamDraft draft)
    {
        var isStream = loader.IsStreamPart(draft);
        var level = LevelOf(draft)!;
        return new Upstream(draft.Host, draft.Port, [.. draft.Servers], draft.Policy ?? new BalancingPolicy.RoundRobin(),
            isStream ? new UpstreamKeepAlive(0, false, 0, 0, 0) : KeepAliveOf(draft), draft.Zone, ResolverOf(loader, draft),
            level.Get(isStream ? StreamCoreModule.ResolverTimeout : HttpCoreModule.ResolverTimeout));
    }

    // Since 1.29.7 connections are kept without being asked for.
    private static UpstreamKeepAlive KeepAliveOf(UpstreamDraft draft)
    {
        var http = UpstreamModule.Http;
        var level = draft.Level ?? new Level(null, Contexts.Upstream);
        var kept = level.Get(http.KeepAlive) ?? new UpstreamKeepAlive(draft.IsDeclared ? DefaultKeepAliveConnections : 0, true, 0, 0, 0);
        return kept with
        {
            Requests = level.Get(http.KeepAliveRequests!),
            TimeMs = level.Get(http.KeepAliveTime!),
            TimeoutMs = level.Get(http.KeepAliveTimeout!),
        };
    }
}
