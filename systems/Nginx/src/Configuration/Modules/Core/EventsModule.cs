namespace Microcosm.Nginx;

/// <summary>The <c>events</c> block.</summary>
internal static class EventsModule
{
    public static readonly Module Module = new("events_module", Contexts.Main);

    /// <summary>Connections a worker may have open.</summary>
    public static readonly Setting<long> WorkerConnections = Module.One("worker_connections", Contexts.Events, DirectiveKind.Number, 512L,
        (call, word) => Measures.Number(word) ?? throw call.Error($"invalid number \"{word}\""));

    public static readonly Setting<bool> MultiAccept = Module.Flag("multi_accept", Contexts.Events);
    public static readonly Setting<bool> AcceptMutex = Module.Flag("accept_mutex", Contexts.Events);
    public static readonly Setting<long> AcceptMutexDelay = Module.Milliseconds("accept_mutex_delay", Contexts.Events, 500);

    public static readonly Setting<string?> Use = Module.Text("use", Contexts.Events, null, (call, word) =>
        word is "epoll" or "poll" or "select" ? word : throw call.Error($"invalid event type \"{word}\""));

    public static readonly Setting<IReadOnlyList<Cidr>> DebugConnections = new("debug_connection", []);

    /// <summary>Connections over unix sockets are debugged.</summary>
    public static readonly Setting<bool> DebugsUnix = new("debug_connection", false);

    static EventsModule()
    {
        Module.Block("events", Contexts.Main, Arity.None, call =>
        {
            if (call.Loader.Draft.Events is not null)
                throw call.Refuse("is duplicate");
            var level = new Level(call.Level, Contexts.Events);
            call.Loader.Draft.Events = level;
            call.Loader.ReadBlock(Contexts.Events, level);
        });
        Module.Custom("debug_connection", Contexts.Events, Arity.One, ReadDebugConnection);
    }

    private static void ReadDebugConnection(DirectiveCall call)
    {
        // nginx says so where it was built without debugging, as this is.
        call.Warn("\"debug_connection\" is ignored, you need to rebuild nginx using --with-debug option to enable it");
        if (call[1] == "unix:")
        {
            call.Level.Set(DebugsUnix, true);
            return;
        }
        if (Cidr.TryParse(call[1], out var cidr, out var hasLowBits))
        {
            if (hasLowBits)
                call.Warn($"low address bits of {call[1]} are meaningless");
            call.Level.Add(DebugConnections, cidr);
            return;
        }
        var addresses = call.Loader.Names.Resolve(call[1]);
        if (addresses.Count == 0)
            throw call.Error($"host not found in debug_connection \"{call[1]}\"");
        foreach (var ip in addresses)
            call.Level.Add(DebugConnections, new Cidr(ip, ip.GetAddressBytes().Length * 8));
    }
}
