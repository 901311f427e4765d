namespace Microcosm.Nginx;

/// <summary>The blocks of the http part: http, server, location, limit_except; and what names them.</summary>
internal static class HttpBlockModule
{
    private static readonly string[] Methods =
    [
        "GET", "HEAD", "POST", "PUT", "DELETE", "MKCOL", "COPY", "MOVE", "OPTIONS", "PROPFIND", "PROPPATCH", "LOCK", "UNLOCK", "PATCH",
    ];

    public static readonly Module Module = new("http_block_module", Contexts.Http);

    static HttpBlockModule()
    {
        Module.Block("http", Contexts.Main, Arity.None, Http);
        Module.Block("server", Contexts.Http, Arity.None, Server);
        Module.Block("location", Contexts.Server | Contexts.Location, new Arity(1, 2), Location);
        Module.Block("limit_except", Contexts.Location, Arity.OneOrMore, LimitExcept);
        Module.Custom("listen", Contexts.Server, Arity.OneOrMore, call => ListenDirective.Read(call));
        Module.Custom("server_name", Contexts.Server, Arity.OneOrMore, call => ServerNameDirective.Read(call));
    }

    private static void Http(DirectiveCall call)
    {
        var draft = call.Loader.Draft;
        if (draft.Http is not null)
            throw call.Refuse("is duplicate");
        var level = new Level(call.Level, Contexts.Http);
        draft.Http = new PartDraft(level, new VariableTable(PartVariables.OfHttp));
        LogModule.AddCombined(draft.Http);
        call.Loader.ReadBlock(Contexts.Http, level);
        SetDefaults(call, level);
        PartCompiler.CheckHttp(call.Loader, draft.Http);
    }

    // What depends on paths and formats of this configuration, and so cannot be a setting's fallback.
    private static void SetDefaults(DirectiveCall call, Level level)
    {
        var loader = call.Loader;
        if (!level.Has(LogModule.Http.Logs))
        {
            var path = ComplexValue.OfLiteral(loader.Paths.FromPrefix(NginxBuild.DefaultAccessLog));
            level.Add(LogModule.Http.Logs, new AccessLog(path, null, loader.Draft.Http!.LogFormats[0], null, 0, 0, 0));
        }
        foreach (var (setting, name, levels) in new[]
        {
            (HttpCoreModule.ClientBodyTempPath, "client_body_temp", Array.Empty<int>()),
            (ProxyModule.TempPath, "proxy_temp", [1, 2]),
        })
        {
            if (!level.Has(setting))
                level.Set(setting, loader.Draft.Path(new TempPath(loader.Paths.FromPrefix(name), levels, loader.Place)));
        }
    }

    private static void Server(DirectiveCall call)
    {
        var server = new ServerDraft(call.Level, Contexts.Server, call.Loader.Place);
        var part = call.Loader.Part;
        part.Servers.Add(server);
        call.Loader.ReadBlock(Contexts.Server, server.Level);
        if (!server.HasListen)
            part.Listens.Add(Address.Any(call.Loader.Names.IsPrivileged ? 80 : 8000), new ListenOptions(), server, call.Warn);
    }

    private static void Location(DirectiveCall call)
    {
        var outer = call.Level.Location!;
        var (modifier, name) = call.Count == 2 ? (call[1], call[2]) : Split(call[1]);
        var kind = modifier switch
        {
            "" => name.StartsWith('@') && call.Count == 1 ? LocationKind.Named : LocationKind.Prefix,
            "=" => LocationKind.Exact,
            "^~" => LocationKind.PrefixNoPatterns,
            "~" or "~*" => LocationKind.Pattern,
            _ => throw call.Error($"invalid location modifier \"{modifier}\""),
        };
        var pattern = kind == LocationKind.Pattern ? VariablePattern.Compile(name, modifier == "~*", call.Variables) : null;
        if (call.Loader.Context == Contexts.Location)
            CheckNesting(call, outer, kind, name);
        var location = new LocationDraft(outer, name, kind, new Level(call.Level, Contexts.Location))
        {
            Pattern = pattern,
            Place = call.Loader.Place,
        };
        Read(call, outer, location, Contexts.Location);
    }

    private static (string Modifier, string Name) Split(string text)
    {
        foreach (var modifier in (ReadOnlySpan<string>)["=", "^~", "~*", "~"])
        {
            if (text.StartsWith(modifier, StringComparison.Ordinal))
                return (modifier, text[modifier.Length..]);
        }
        return ("", text);
    }

    private static void CheckNesting(DirectiveCall call, LocationDraft outer, LocationKind kind, string name)
    {
        if (outer.Kind == LocationKind.Exact)
            throw call.Error($"location \"{name}\" cannot be inside the exact location \"{outer.Name}\"");
        if (outer.Kind == LocationKind.Named)
            throw call.Error($"location \"{name}\" cannot be inside the named location \"{outer.Name}\"");
        if (kind == LocationKind.Named)
            throw call.Error($"named location \"{name}\" can be on the server level only");
        if (kind != LocationKind.Pattern && !name.StartsWith(outer.Name, StringComparison.Ordinal))
            throw call.Error($"location \"{name}\" is outside location \"{outer.Name}\"");
    }

    private static void LimitExcept(DirectiveCall call)
    {
        var outer = call.Level.Location!;
        if (outer.ExceptMethods is not null)
            throw call.Refuse("is duplicate");
        var allowed = new List<string>();
        foreach (var argument in call.Arguments)
        {
            var method = Array.Find(Methods, m => Latin1.EqualsIgnoreCase(m, argument));
            allowed.Add(method ?? throw call.Error($"invalid method \"{argument}\""));
        }
        // Who may GET may HEAD.
        if (allowed.Contains("GET"))
            allowed.Add("HEAD");
        outer.ExceptMethods = allowed;
        var level = new Level(call.Level, Contexts.LimitExcept);
        var location = new LocationDraft(outer, outer.Name, LocationKind.LimitExcept, level) { Place = call.Loader.Place };
        Read(call, outer, location, Contexts.LimitExcept);
    }

    /// <summary>Reads a block as a location inside another.</summary>
    public static void Read(DirectiveCall call, LocationDraft outer, LocationDraft location, Contexts context)
    {
        location.Level.Location = location;
        outer.Inner.Add(location);
        call.Loader.ReadBlock(context, location.Level);
    }
}
