using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>limit_req: requests by key and time.</summary>
internal static class LimitReqModule
{
    private const string Use = "http_limit_req";
    private const long ZoneBytesMin = 8 * 4096;

    public static readonly Module Module = new("http_limit_req_module", Contexts.Http);

    public static readonly Setting<IReadOnlyList<RequestLimit>> Limits = new("limit_req", []);
    public static readonly Setting<LimitLogLevel> LogLevel = LimitLogLevels.Declare(Module, "limit_req_log_level", All);
    public static readonly Setting<long> Status = Module.Number("limit_req_status", All, 503, 400, 599);
    public static readonly Setting<bool> DryRun = Module.Flag("limit_req_dry_run", All);

    static LimitReqModule()
    {
        Module.Custom("limit_req_zone", Contexts.Http, Arity.Three, ReadZone);
        Module.Custom("limit_req", All, Arity.OneToThree, Read);
    }

    private static void ReadZone(DirectiveCall call)
    {
        var key = call.Value(1);
        var (name, size, rate) = ("", 0L, 1000L);
        for (var i = 2; i <= call.Count; i++)
        {
            if (Parameters.Is(call[i], "zone", out var value))
                (name, size) = ZoneOf(call, call[i], value);
            else if (Parameters.Is(call[i], "rate", out value))
                rate = Rate(value) ?? throw call.Error($"invalid rate \"{call[i]}\"");
            else
                throw call.InvalidParameter(call[i]);
        }
        if (name.Length == 0)
            throw call.Error($"\"{call.Name}\" must have \"zone\" parameter");
        var zone = call.Loader.Draft.Zone(name, size, Use);
        if (zone.Definition is RequestRate known)
            throw call.Error($"{call.Name} \"{name}\" is already bound to key \"{known.Key.Source}\"");
        zone.Definition = new RequestRate(key, rate);
    }

    /// <summary>A zone's name and size: <c>name:10m</c>.</summary>
    public static (string Name, long Size) ZoneOf(DirectiveCall call, string word, string value)
    {
        var colon = value.IndexOf(':');
        if (colon < 0 || Measures.Size(value.AsSpan(colon + 1)) is not { } size)
            throw call.Error($"invalid zone size \"{word}\"");
        return size >= ZoneBytesMin ? (value[..colon], size) : throw call.Error($"zone \"{word}\" is too small");
    }

    // Thousandths of a request a second.
    private static long? Rate(string text)
    {
        var scale = text.EndsWith("r/m", StringComparison.Ordinal) ? 60 : 1;
        var digits = text.EndsWith("r/s", StringComparison.Ordinal) || scale == 60 ? text[..^3] : text;
        return Measures.Number(digits) is { } rate and > 0 and < long.MaxValue / 1000 ? rate * 1000 / scale : null;
    }

    private static void Read(DirectiveCall call)
    {
        SharedZone? zone = null;
        var (burst, delay) = (0L, 0L);
        foreach (var word in call.Arguments)
        {
            if (Parameters.Is(word, "zone", out var value))
                zone = call.Loader.Draft.Zone(value, 0, Use);
            else if (Parameters.Is(word, "burst", out value))
                burst = Positive(value) ?? throw call.Error($"invalid burst value \"{word}\"");
            else if (Parameters.Is(word, "delay", out value))
                delay = Positive(value) ?? throw call.Error($"invalid delay value \"{word}\"");
            else if (word == "nodelay")
                delay = long.MaxValue / 1000;
            else
                throw call.InvalidParameter(word);
        }
        if (zone is null)
            throw call.Error($"\"{call.Name}\" must have \"zone\" parameter");
        if (call.Level.TryGetOwn(Limits, out var limits) && limits.Any(l => l.Zone == zone))
            throw call.Refuse("is duplicate");
        call.Level.Add(Limits, new RequestLimit(zone, burst * 1000, delay * 1000));
    }

    private static long? Positive(string text) => Measures.Number(text) is { } number and > 0 and < long.MaxValue / 1000 ? number : null;
}
