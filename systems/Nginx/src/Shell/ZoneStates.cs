using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>What shared zones hold while nginx runs: it outlives a reload where a zone keeps its name, use and size.</summary>
internal static class ZoneStates
{
    /// <summary>Gives each zone its state. Throws <see cref="ConfigurationException"/> where what was counted means something else
    /// now.</summary>
    /// <param name="before">The zones of the configuration that holds until now.</param>
    public static void Prepare(IReadOnlyList<SharedZone> zones, IReadOnlyList<SharedZone> before)
    {
        foreach (var zone in zones)
        {
            var known = before.FirstOrDefault(z => z.Name == zone.Name && z.Use == zone.Use && z.Size == zone.Size);
            if (known is not null && KeyOf(known) is { } old && KeyOf(zone) is { } key && old != key)
                throw ConfigurationException.Unplaced(
                    $"{DirectiveOf(zone)} \"{zone.Name}\" uses the \"{key}\" key while previously it used the \"{old}\" key");
            zone.State = known?.State ?? New(zone);
        }
    }

    private static object? New(SharedZone zone) => zone.Definition switch
    {
        RequestRate => new RateZone(zone.Size),
        ComplexValue => new ConnectionZone(zone.Size),
        CacheStore store => new ResponseCache(store, zone.Size),
        _ => null,
    };

    private static string? KeyOf(SharedZone zone) => zone.Definition switch
    {
        RequestRate rate => rate.Key.Source,
        ComplexValue key => key.Source,
        _ => null,
    };

    private static string DirectiveOf(SharedZone zone) => zone.Definition is RequestRate ? "limit_req" : "limit_conn_zone";
}
