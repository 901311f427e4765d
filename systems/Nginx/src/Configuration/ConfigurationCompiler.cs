namespace Microcosm.Nginx;

/// <summary>Reads a configuration and makes it ready to execute.</summary>
internal static class ConfigurationCompiler
{
    /// <summary>Reads, checks and compiles.</summary>
    /// <param name="parameters">The text of <c>-g</c>, or empty.</param>
    /// <param name="loader">Whose diagnostics and files are there for a refused configuration too.</param>
    /// <exception cref="ConfigurationException">nginx' own message.</exception>
    public static NginxConfiguration Compile(ConfigurationLoader loader, string parameters)
    {
        Read(loader, parameters);
        return Finish(loader);
    }

    /// <summary>Reads the files: what <c>nginx -t</c> calls the syntax.</summary>
    public static void Read(ConfigurationLoader loader, string parameters)
    {
        if (parameters.Length > 0)
            loader.ReadParameters(parameters);
        loader.ReadMain();
    }

    /// <summary>Makes the configuration of what was read.</summary>
    public static NginxConfiguration Finish(ConfigurationLoader loader)
    {
        var draft = loader.Draft;
        if (draft.Events is null)
            throw ConfigurationException.Unplaced("no \"events\" section in configuration");
        draft.CheckZones();
        UnservedDirectives.Refuse(draft);
        var configuration = new NginxConfiguration(
            loader.Paths, draft.Main, draft.Events, draft.Http is null ? null : HttpOf(draft.Http),
            draft.Stream is null ? null : StreamOf(draft.Stream), [.. draft.Zones], [.. draft.Paths], draft.Uses, [.. loader.Diagnostics],
            [.. loader.Dump]);
        draft.Main.Seal();
        return configuration;
    }

    private static HttpPart HttpOf(PartDraft part)
    {
        var servers = part.Servers.ToDictionary(s => s, s =>
        {
            LocationCompiler.Make(s.Root);
            return new HttpServer(s);
        });
        return new HttpPart(part.Level, part.Variables, [.. servers.Values], [.. part.Listens.Listens.Select(l => SocketOf(l, servers))],
            [.. part.Upstreams.Select(u => u.Made!)], [.. part.LogFormats], [.. part.HealthRules]);
    }

    private static StreamPart StreamOf(PartDraft part)
    {
        var servers = part.Servers.ToDictionary(s => s, s => new StreamServer(s));
        return new StreamPart(part.Level, part.Variables, [.. servers.Values], [.. part.Listens.Listens.Select(l => SocketOf(l, servers))],
            [.. part.Upstreams.Select(u => u.Made!)], [.. part.LogFormats], [.. part.HealthRules]);
    }

    private static ListenSocket<T> SocketOf<T>(ListenTable.Listen listen, Dictionary<ServerDraft, T> servers)
    {
        var names = new HostNameTable<T>();
        foreach (var (name, server) in ServerNames.NamesOf(listen))
            names.Add(name.Text, servers[server], wildcards: true);
        var patterns = listen.Servers.SelectMany(s => s.Names.Where(n => n.Pattern is not null), (s, n) => (n.Pattern!, servers[s]));
        return new ListenSocket<T>(listen.Address, listen.Options, servers[listen.DefaultServer], names, [.. patterns]);
    }
}
