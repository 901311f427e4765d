using Microcosm.Consensus;
using Microcosm.Runtime;
using Microcosm.Simulation;
using Microcosm.Storage;

namespace Microcosm.Cli;

/// <summary>The systems that <c>cosm</c> knows, by name: those below <c>systems/</c>, as they declare themselves.</summary>
internal static class Catalog
{
    // What a face has of the system that it is the face of.
    private const string Shared = ".replicas=";

    private static readonly IReadOnlyList<WorkloadDefinition>[] Kits = [StorageWorkloads.All, ConsensusWorkloads.All];

    public static IEnumerable<string> Names => KnownSystems.All.Select(s => s.Name);

    /// <summary>Those that may run outside of the world.</summary>
    public static IEnumerable<string> Externals => KnownSystems.All.Where(s => s.External is not null).Select(s => s.Name);

    /// <summary>What systems, and the kits below them, are tried with in simulation.</summary>
    public static IEnumerable<WorkloadDefinition> Workloads =>
        KnownSystems.All.SelectMany(s => s.Workloads).Concat(Kits.SelectMany(k => k));

    /// <summary>The workload of that name. Throws <see cref="ArgumentException"/>.</summary>
    public static WorkloadDefinition Workload(string name) => Workloads.FirstOrDefault(w => w.Name == name)
        ?? throw new ArgumentException($"There is no workload '{name}'. Known: {string.Join(", ", Workloads.Select(w => w.Name))}");

    /// <summary>
    /// Makes the systems wanted, or all when none is named, with options set (<c>redis.maxmemory=100mb</c>). Throws <see
    /// cref="ArgumentException"/>.
    /// </summary>
    /// <param name="wanted">By name.</param>
    /// <param name="settings">By <c>system.name=value</c>.</param>
    /// <param name="externals">Systems that run outside of the world, which are wanted too: <c>kafka=host:port</c>.</param>
    public static List<SystemDefinition> Create(
        IReadOnlyCollection<string> wanted, IEnumerable<string> settings, IEnumerable<string> externals)
    {
        var outside = Outside(externals);
        if (wanted.Concat(outside.Keys).FirstOrDefault(w => KnownSystems.All.All(s => s.Name != w)) is { } unknown)
            throw new ArgumentException($"There is no system '{unknown}'. Known: {string.Join(", ", Names)}");
        var started = KnownSystems.All.Where(s => wanted.Count == 0 || outside.ContainsKey(s.Name) || IsWanted(s, wanted)).ToArray();
        var systems = started.Select(s => outside.TryGetValue(s.Name, out var at) ? Outside(s, at) : s.Create()).ToList();
        foreach (var setting in started.SelectMany(s => FaceSettings(s, wanted, settings)).Concat(settings))
        {
            var dot = setting.IndexOf('.');
            var equals = setting.IndexOf('=');
            if (dot < 0 || equals < dot)
                throw new ArgumentException($"'{setting}' is not an option: write system.name=value");
            var system = systems.Find(s => s.Name == setting[..dot])
                ?? throw new ArgumentException($"'{setting}': no system '{setting[..dot]}' is started");
            system.SetOption(setting[(dot + 1)..equals], setting[(equals + 1)..]);
        }
        return systems;
    }

    private static Dictionary<string, string> Outside(IEnumerable<string> externals)
    {
        var outside = new Dictionary<string, string>();
        foreach (var external in externals)
        {
            var equals = external.IndexOf('=');
            if (equals <= 0)
                throw new ArgumentException($"'{external}' is no external system: write system=host:port");
            if (!outside.TryAdd(external[..equals], external[(equals + 1)..]))
                throw new ArgumentException($"'{external[..equals]}' is external twice: several addresses are separated by commas");
        }
        return outside;
    }

    private static SystemDefinition Outside(CatalogEntry system, string at) => system.External?.Invoke(at)
        ?? throw new ArgumentException($"'{system.Name}' cannot be external. Those that can: {string.Join(", ", Externals)}");

    // Whoever names a system gets its faces too; a face can be had alone.
    private static bool IsWanted(CatalogEntry system, IReadOnlyCollection<string> wanted) =>
        wanted.Contains(system.Name) || (system.FaceOf is { } cell && wanted.Contains(cell));

    // As many members as the cell has; what is set for the face itself comes later and counts.
    private static IEnumerable<string> FaceSettings(
        CatalogEntry system, IReadOnlyCollection<string> wanted, IEnumerable<string> settings) =>
        system.FaceOf is { } cell && (wanted.Count == 0 || wanted.Contains(cell))
            ? settings.Where(s => s.StartsWith(cell + Shared, StringComparison.Ordinal)).Select(s => system.Name + s[cell.Length..])
            : [];
}
