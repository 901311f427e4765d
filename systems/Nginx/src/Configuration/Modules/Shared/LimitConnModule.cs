namespace Microcosm.Nginx;

/// <summary>limit_conn, of the http and of the stream part.</summary>
internal sealed class LimitConnModule
{
    public static readonly LimitConnModule Http = new("http_limit_conn_module", Contexts.Http, Contexts.HttpServerLocation);

    public static readonly LimitConnModule Stream = new("stream_limit_conn_module", Contexts.Stream, Contexts.StreamMainServer);

    private LimitConnModule(string name, Contexts main, Contexts contexts)
    {
        Module = new Module(name, main);
        Module.Custom("limit_conn_zone", main, Arity.Two, ReadZone);
        Module.Custom("limit_conn", contexts, Arity.Two, Read);
        LogLevel = LimitLogLevels.Declare(Module, "limit_conn_log_level", contexts);
        DryRun = Module.Flag("limit_conn_dry_run", contexts);
        if (main == Contexts.Http)
            Status = Module.Number("limit_conn_status", contexts, 503, 400, 599);
    }

    public Module Module { get; }

    public Setting<IReadOnlyList<ConnectionLimit>> Limits { get; } = new("limit_conn", []);

    public Setting<LimitLogLevel> LogLevel { get; }

    public Setting<bool> DryRun { get; }

    public Setting<long>? Status { get; }

    private void ReadZone(DirectiveCall call)
    {
        var key = call.Value(1);
        if (!Parameters.Is(call[2], "zone", out var value))
            throw call.InvalidParameter(call[2]);
        var (name, size) = LimitReqModule.ZoneOf(call, call[2], value);
        if (name.Length == 0)
            throw call.Error($"\"{call.Name}\" must have \"zone\" parameter");
        var zone = call.Loader.Draft.Zone(name, size, Module.Name);
        if (zone.Definition is ComplexValue known)
            throw call.Error($"{call.Name} \"{name}\" is already bound to key \"{known.Source}\"");
        zone.Definition = key;
    }

    private void Read(DirectiveCall call)
    {
        var zone = call.Loader.Draft.Zone(call[1], 0, Module.Name);
        if (call.Level.TryGetOwn(Limits, out var limits) && limits.Any(l => l.Zone == zone))
            throw call.Refuse("is duplicate");
        if (Measures.Number(call[2]) is not (> 0 and var connections))
            throw call.Error($"invalid number of connections \"{call[2]}\"");
        if (connections > 65535)
            throw call.Error("connection limit must be less 65536");
        call.Level.Add(Limits, new ConnectionLimit(zone, (int)connections));
    }
}
