namespace Microcosm.Nginx;

/// <summary>The stream part: its blocks and its core.</summary>
internal static class StreamCoreModule
{
    private const Contexts All = Contexts.StreamMainServer;

    public static readonly Module Module = new("stream_core_module", Contexts.Stream);

    public static readonly Setting<IReadOnlyList<ErrorLog>> ErrorLogs = ErrorLogDirective.Declare(Module, All);
    public static readonly Setting<ResolverAddresses?> Resolver = ResolverDirective.Declare(Module, All | Contexts.StreamUpstream);
    public static readonly Setting<long> ResolverTimeout = Module.Milliseconds("resolver_timeout", All | Contexts.StreamUpstream, 30_000);
    public static readonly Setting<long> ProxyProtocolTimeout = Module.Milliseconds("proxy_protocol_timeout", All, 30_000);
    public static readonly Setting<bool> TcpNoDelay = Module.Flag("tcp_nodelay", All, true);
    public static readonly Setting<long> PrereadBufferSize = Module.Size("preread_buffer_size", All, 16384);
    public static readonly Setting<long> PrereadTimeout = Module.Milliseconds("preread_timeout", All, 30_000);
    public static readonly Setting<bool> SslPreread = Module.Flag("ssl_preread", All);

    /// <summary>What serves a server's sessions; the last directive of that kind counts.</summary>
    public static readonly Setting<StreamContent?> Content = new("proxy_pass", null);

    public static readonly Setting<IReadOnlyList<(Variable Variable, ComplexValue Value)>> Assignments = new("set", []);

    private static readonly Setting<bool> HasReturn = new("return", false);
    private static readonly Setting<bool> HasPass = new("pass", false);

    static StreamCoreModule()
    {
        Module.Block("stream", Contexts.Main, Arity.None, ReadStream);
        Module.Block("server", Contexts.Stream, Arity.None, ReadServer);
        Module.Custom("listen", Contexts.StreamServer, Arity.OneOrMore, ListenDirective.Read);
        Module.Custom("server_name", Contexts.StreamServer, Arity.OneOrMore, ServerNameDirective.Read);
        Module.Custom("set", Contexts.StreamServer, Arity.Two, call =>
        {
            var variable = call.Variables.Assign(VariableName.Of(call[1]));
            call.Level.Add(Assignments, (variable, call.Value(2)));
        });
        Module.Custom("return", Contexts.StreamServer, Arity.One, call =>
        {
            call.Once(HasReturn);
            call.Level.Set(HasReturn, true);
            call.Level.Set(Content, new StreamContent.Return(call.Value(1)));
        });
        Module.Custom("pass", Contexts.StreamServer, Arity.One, ReadPass);
        foreach (var name in (ReadOnlySpan<string>)["variables_hash", "server_names_hash"])
        {
            Module.Number(name + "_max_size", Contexts.Stream, 1024);
            Module.Number(name + "_bucket_size", Contexts.Stream, 64);
        }
    }

    private static void ReadStream(DirectiveCall call)
    {
        var draft = call.Loader.Draft;
        if (draft.Stream is not null)
            throw call.Refuse("is duplicate");
        var level = new Level(call.Level, Contexts.Stream);
        draft.Stream = new PartDraft(level, new VariableTable(PartVariables.OfStream));
        call.Loader.ReadBlock(Contexts.Stream, level);
        PartCompiler.CheckStream(call.Loader, draft.Stream);
    }

    private static void ReadServer(DirectiveCall call)
    {
        var server = new ServerDraft(call.Level, Contexts.StreamServer, call.Loader.Place);
        call.Loader.Part.Servers.Add(server);
        call.Loader.ReadBlock(Contexts.StreamServer, server.Level);
        if (!server.HasListen)
            throw ConfigurationException.Unplaced($"no \"listen\" is defined for server in {server.Place}");
    }

    private static void ReadPass(DirectiveCall call)
    {
        call.Once(HasPass);
        call.Level.Set(HasPass, true);
        var value = call.Value(1);
        if (!value.IsLiteral)
        {
            call.Level.Set(Content, new StreamContent.Pass(null, value));
            return;
        }
        var url = HostUrl.TryParse(call[1], default, out var error)
            ?? throw call.Error($"{error} in \"{call[1]}\" of the \"pass\" directive");
        if (url.Addresses.Count == 0)
            throw call.Refuse("has no addresses");
        if (url.HasNoPort && !url.Addresses[0].IsUnix)
            throw call.Refuse("has no port");
        call.Level.Set(Content, new StreamContent.Pass(url.Addresses[0], null));
    }
}
