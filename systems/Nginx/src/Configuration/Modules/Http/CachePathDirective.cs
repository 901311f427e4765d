namespace Microcosm.Nginx;

/// <summary><c>proxy_cache_path</c>.</summary>
internal static class CachePathDirective
{
    private const long ZoneBytesMin = 2 * 4096;

    public static void Read(DirectiveCall call)
    {
        var path = call[1].EndsWith('/') ? call[1][..^1] : call[1];
        var store = new CacheStore(call.Loader.Paths.FromPrefix(path));
        var (name, size) = ("", 0L);
        for (var i = 2; i <= call.Count; i++)
        {
            if (Parameters.Is(call[i], "keys_zone", out var value))
                (name, size) = Zone(call, call[i], value);
            else
                store = Apply(call, call[i], store);
        }
        if (name.Length == 0 || size == 0)
            throw call.Error($"\"{call.Name}\" must have \"keys_zone\" parameter");
        call.Loader.Draft.Path(new TempPath(store.Path, store.Levels, call.Loader.Place, IsCache: true));
        var zone = ProxyCacheModule.ZoneOf(call.Loader, name, size);
        if (zone.Definition is not null)
            throw call.Error($"duplicate zone \"{name}\"");
        zone.Definition = store;
    }

    private static (string, long) Zone(DirectiveCall call, string word, string value)
    {
        var colon = value.IndexOf(':');
        if (colon < 0 || Measures.Size(value.AsSpan(colon + 1)) is not { } size)
            throw call.Error($"invalid keys zone size \"{word}\"");
        return size >= ZoneBytesMin ? (value[..colon], size) : throw call.Error($"keys zone \"{word}\" is too small");
    }

    private static CacheStore Apply(DirectiveCall call, string word, CacheStore store)
    {
        if (Parameters.Is(word, "levels", out var value))
            return store with { Levels = Levels(value) ?? throw call.Error($"invalid \"levels\" \"{word}\"") };
        if (Parameters.Is(word, "use_temp_path", out value))
            return store with
            {
                UsesTempPath = value == "on" || (value == "off" ? false
                    : throw call.Error($"invalid use_temp_path value \"{word}\", it must be \"on\" or \"off\"")),
            };
        if (Parameters.Is(word, "inactive", out value))
            return store with { InactiveSeconds = Given(call, word, "inactive", Measures.Seconds(value)) };
        if (Parameters.Is(word, "max_size", out value))
            return store with { BytesMax = Given(call, word, "max_size", Measures.Offset(value)) };
        if (Parameters.Is(word, "min_free", out value))
            return store with { FreeBytesMin = Given(call, word, "min_free", Measures.Offset(value)) };
        foreach (var who in (ReadOnlySpan<string>)["loader", "manager"])
        {
            var pace = who == "loader" ? store.Loader : store.Manager;
            if (Parameters.Is(word, who + "_files", out value))
                pace = pace with { Files = Given(call, word, who + "_files", Measures.Number(value)) };
            else if (Parameters.Is(word, who + "_sleep", out value))
                pace = pace with { SleepMs = Given(call, word, who + "_sleep", Measures.Milliseconds(value)) };
            else if (Parameters.Is(word, who + "_threshold", out value))
                pace = pace with { ThresholdMs = Given(call, word, who + "_threshold", Measures.Milliseconds(value)) };
            else
                continue;
            return who == "loader" ? store with { Loader = pace } : store with { Manager = pace };
        }
        throw call.InvalidParameter(word);
    }

    private static long Given(DirectiveCall call, string word, string name, long? value) =>
        value ?? throw call.Error($"invalid {name} value \"{word}\"");

    // One to three levels of one or two characters.
    private static int[]? Levels(string text)
    {
        var parts = text.Split(':');
        return parts.Length <= 3 && parts.All(p => p is "1" or "2") ? [.. parts.Select(p => p[0] - '0')] : null;
    }
}
