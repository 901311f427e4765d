namespace Microcosm.Nginx;

/// <summary>What has been read of a configuration: the parts, shared zones and paths, which directives were used and where.</summary>
internal sealed class ConfigurationDraft(Level main)
{
    private readonly Dictionary<string, DirectiveUse> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SharedZone> _zones = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TempPath> _paths = new(StringComparer.Ordinal);

    public Level Main { get; } = main;

    public Level? Events { get; set; }

    public PartDraft? Http { get; set; }

    public PartDraft? Stream { get; set; }

    /// <summary>Each directive used, with the place of its first use.</summary>
    public IReadOnlyCollection<DirectiveUse> Uses => _uses.Values;

    /// <summary>How buffered logs are written, by path.</summary>
    public Dictionary<string, (long BufferBytes, long FlushMs, int GzipLevel)> LogBuffers { get; } = new(StringComparer.Ordinal);

    /// <summary>Shared zones in order of their names' first mention.</summary>
    public IEnumerable<SharedZone> Zones => _zones.Values;

    /// <summary>Folders that must be there when serving begins.</summary>
    public IEnumerable<TempPath> Paths => _paths.Values;

    public void Note(Directive directive, string place) =>
        _uses.TryAdd($"{directive.Module} {directive.Name}", new DirectiveUse(directive, place));

    /// <summary>A zone by its name: declared with a size, or only mentioned with none.</summary>
    public SharedZone Zone(string name, long size, string use)
    {
        if (!_zones.TryGetValue(name, out var zone))
        {
            zone = new SharedZone(name, use) { Size = size };
            _zones.Add(name, zone);
            return zone;
        }
        if (zone.Use != use)
            throw new ConfigurationException($"the shared memory zone \"{name}\" is already declared for a different use");
        if (zone.Size == 0)
            zone.Size = size;
        if (size != 0 && size != zone.Size)
            throw new ConfigurationException(
                $"the size {size} of shared memory zone \"{name}\" conflicts with already declared size {zone.Size}");
        return zone;
    }

    /// <summary>Adds a folder of temporary or cached files; two uses of one must agree on its levels.</summary>
    public TempPath Path(TempPath path)
    {
        if (_paths.TryAdd(path.Name, path))
            return path;
        var known = _paths[path.Name];
        if (known.IsCache || path.IsCache)
            throw new ConfigurationException($"the same path name \"{known.Name}\" used in {known.Place} and");
        if (!known.Levels.SequenceEqual(path.Levels))
            throw new ConfigurationException($"the same path name \"{known.Name}\" in {known.Place} has the different levels than");
        return known;
    }

    /// <summary>Refuses zones that were mentioned and never declared.</summary>
    public void CheckZones()
    {
        foreach (var zone in _zones.Values)
        {
            if (zone.Size == 0)
                throw ConfigurationException.Unplaced($"zero size shared memory zone \"{zone.Name}\"");
        }
    }
}
