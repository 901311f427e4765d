namespace Microcosm.Nginx;

/// <summary>Caches of TLS sessions by the names of their zones; they outlive a reload.</summary>
internal sealed class TlsCaches(TimeProvider clock)
{
    private readonly Dictionary<string, (long Size, Http.TlsSessionCache Cache)> _caches = new(StringComparer.Ordinal);

    public TimeProvider Clock => clock;

    /// <summary>The cache of a zone; a zone of another size than before is another one.</summary>
    public Http.TlsSessionCache Of(SharedZone zone, long timeoutSeconds)
    {
        if (_caches.TryGetValue(zone.Name, out var found) && found.Size == zone.Size)
            return found.Cache;
        var cache = new Http.TlsSessionCache(zone.Size, clock, (int)Math.Clamp(timeoutSeconds, 1, int.MaxValue));
        _caches[zone.Name] = (zone.Size, cache);
        return cache;
    }
}
