using static Microcosm.Nginx.HttpContexts;

namespace Microcosm.Nginx;

/// <summary>proxy_cache and what shapes it; part of the proxy module in nginx.</summary>
internal static class ProxyCacheModule
{
    private const string Use = "http_proxy_cache";

    public static readonly Module Module = new("http_proxy_cache_module", Contexts.Http);

    public static readonly Setting<ProxyCache?> Cache = new("proxy_cache", null);
    public static readonly Setting<ComplexValue?> Key = Module.Value("proxy_cache_key", All);
    public static readonly Setting<IReadOnlyList<ComplexValue>> Bypass = Module.Conditions("proxy_cache_bypass", All);
    public static readonly Setting<IReadOnlyList<ComplexValue>> NoCache = Module.Conditions("proxy_no_cache", All);
    public static readonly Setting<IReadOnlyList<CacheValid>> Valid = new("proxy_cache_valid", []);
    public static readonly Setting<long> MinUses = Module.Number("proxy_cache_min_uses", All, 1);
    public static readonly Setting<long> MaxRangeOffset = Module.Offset("proxy_cache_max_range_offset", All, long.MaxValue);

    /// <summary>By the places of <see cref="UpstreamSettings.NextUpstreamWords"/>.</summary>
    public static readonly Setting<long> UseStale =
        Module.Mask("proxy_cache_use_stale", All, Arity.OneOrMore, 1 << 11, UpstreamSettings.NextUpstreamWords);

    /// <summary>Bits: GET, HEAD, POST; the first two count always.</summary>
    public static readonly Setting<long> Methods = Module.Mask("proxy_cache_methods", All, Arity.OneOrMore, 0b11, "GET", "HEAD", "POST");

    public static readonly Setting<bool> Lock = Module.Flag("proxy_cache_lock", All);
    public static readonly Setting<long> LockTimeout = Module.Milliseconds("proxy_cache_lock_timeout", All, 5000);
    public static readonly Setting<long> LockAge = Module.Milliseconds("proxy_cache_lock_age", All, 5000);
    public static readonly Setting<bool> Revalidate = Module.Flag("proxy_cache_revalidate", All);
    public static readonly Setting<bool> ConvertHead = Module.Flag("proxy_cache_convert_head", All, true);
    public static readonly Setting<bool> BackgroundUpdate = Module.Flag("proxy_cache_background_update", All);

    static ProxyCacheModule()
    {
        Module.Custom("proxy_cache", All, Arity.One, ReadCache);
        Module.Custom("proxy_cache_path", Contexts.Http, Arity.TwoOrMore, CachePathDirective.Read);
        Module.Custom("proxy_cache_valid", All, Arity.OneOrMore, ReadValid);
    }

    /// <summary>The zone of that name, declared with a size or only mentioned.</summary>
    public static SharedZone ZoneOf(ConfigurationLoader loader, string name, long size) => loader.Draft.Zone(name, size, Use);

    private static void ReadCache(DirectiveCall call)
    {
        call.Once(Cache);
        if (call[1] == "off")
        {
            call.Level.Set(Cache, new ProxyCache(true, null, null));
            return;
        }
        if (call.Level.TryGetOwn(ProxyModule.Store, out var store) && store is { IsOn: true })
            throw call.Refuse("is incompatible with \"proxy_store\"");
        var name = call.Value(1);
        call.Level.Set(Cache, new ProxyCache(false, name.IsLiteral ? ZoneOf(call.Loader, call[1], 0) : null, name.IsLiteral ? null : name));
    }

    private static void ReadValid(DirectiveCall call)
    {
        var seconds = Measures.Seconds(call[call.Count]) ?? throw call.Error($"invalid time value \"{call[call.Count]}\"");
        if (call.Count == 1)
        {
            foreach (var status in (ReadOnlySpan<int>)[200, 301, 302])
                call.Level.Add(Valid, new CacheValid(status, seconds));
            return;
        }
        for (var i = 1; i < call.Count; i++)
        {
            if (call[i] == "any")
                call.Level.Add(Valid, new CacheValid(0, seconds));
            else if (Measures.Number(call[i]) is { } status and >= 100 and <= 599)
                call.Level.Add(Valid, new CacheValid((int)status, seconds));
            else
                throw call.Error($"invalid status \"{call[i]}\"");
        }
    }
}
