using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>Where one session is passed on to: the target of its proxy_pass, or what the variables in it came to.</summary>
internal static class StreamDestination
{
    /// <summary>Null where there is no such place, which the log tells, or where its name is to be looked up.</summary>
    public static UpstreamServers? Find(StreamSession session, ProxyTarget target, out HostUrl? unresolved)
    {
        unresolved = null;
        if (target.Value is not { } value)
            return session.Worker.Upstreams.Of(target.Upstream!.Made!);
        var url = Latin1.Text(value.Evaluate(session.Values).Span);
        if (HostUrl.TryParse(url, new HostUrlRules(0), out var error) is not { } parsed)
        {
            session.Log(LogLevel.Error, $"{error} in upstream \"{url}\"");
            return null;
        }
        var declared = session.Nginx.Configuration.Stream!.Upstreams.FirstOrDefault(u => Latin1.EqualsIgnoreCase(u.Name, parsed.Host));
        if (declared is not null && parsed.HasNoPort)
            return session.Worker.Upstreams.Of(declared);
        if (parsed.Addresses is [var address, ..] && (address.IsUnix || !parsed.HasNoPort))
            return session.Worker.Upstreams.OfAddress(address);
        if (parsed.HasNoPort)
            session.Log(LogLevel.Error, $"no port in upstream \"{url}\"");
        else if (session.Level.Get(StreamCoreModule.Resolver) is null)
            session.Log(LogLevel.Error, $"no resolver defined to resolve {parsed.Host}");
        else
            unresolved = parsed;
        return null;
    }

    /// <summary>Looks up a name.</summary>
    /// <param name="done">Told its servers, or null, which the log tells; at once where the name is known, and then null comes
    /// back.</param>
    public static Lookup? Resolve(StreamSession session, HostUrl url, Action<UpstreamServers?> done) =>
        session.Worker.ResolverOf(session.Level.Get(StreamCoreModule.Resolver)!)
            .Resolve(url.Host, session.Level.Get(StreamCoreModule.ResolverTimeout), resolution =>
            {
                if (resolution.Status != ResolveStatus.Ok)
                    session.Log(LogLevel.Error, ResolveFailure.Text(url.Host, resolution.Status));
                done(resolution.Status == ResolveStatus.Ok
                    ? session.Worker.Upstreams.OfName(url.Host, url.Port, resolution.Addresses) : null);
            });
}
