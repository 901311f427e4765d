namespace Microcosm.Nginx;

/// <summary>Finds or makes the upstream that a proxy_pass names.</summary>
internal static class UpstreamUse
{
    public static (UpstreamDraft Upstream, HostUrl Url) Of(DirectiveCall call, string text, HostUrlRules rules)
    {
        var url = HostUrl.TryParse(text, rules, out var error) ?? throw call.Error($"{error} in upstream \"{text}\"");
        var part = call.Loader.Part;
        var upstream = part.FindUpstream(url.Host, url.Port);
        if (upstream is { IsDeclared: true } && !url.HasNoPort)
            throw call.Error($"upstream \"{url.Host}\" may not have port {url.Port}");
        if (upstream is not null)
            return (upstream, url);
        upstream = new UpstreamDraft(url.Host, url.Port, call.Loader.Place) { HasNoPort = url.HasNoPort, UsedFrom = call.Level };
        if (url.Addresses is [var address] && (url.Port != 0 || address.IsUnix))
            upstream.Servers.Add(new UpstreamServer(address.ToString(), url.Addresses));
        part.Upstreams.Add(upstream);
        return (upstream, url);
    }
}
