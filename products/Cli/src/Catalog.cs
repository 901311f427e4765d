using Microcosm.Chubby;
using Microcosm.Chubby.Etcd;
using Microcosm.Consensus;
using Microcosm.Kafka;
using Microcosm.Nginx;
using Microcosm.Redis;
using Microcosm.Runtime;
using Microcosm.Simulation;
using Microcosm.Storage;

namespace Microcosm.Cli;

/// <summary>The systems that <c>cosm</c> knows, by name. Adding a system is one line here.</summary>
internal static class Catalog
{
    private static readonly Entry[] Systems =
    [
        new("chubby", () => new ChubbySystem(new ChubbyOptions()), () => ChubbySystem.Workloads),
        new("etcd", () => new EtcdSystem(new EtcdOptions()), () => EtcdSystem.Workloads),
        new("kafka", () => new KafkaSystem(new KafkaOptions()), () => KafkaSystem.Workloads)
            { External = at => new ExternalKafkaSystem(new ExternalKafkaOptions(at)) },
        new("nginx", () => new NginxSystem(new NginxOptions()), () => NginxSystem.Workloads),
        new("redis", () => new RedisSystem(new RedisOptions()), () => RedisSystem.Workloads),
    ];

    // etcd's API is a face of Chubby: whoever names the cell gets it too. It can be had alone.
    private const string Cell = "chubby";
    private const string Face = "etcd";
    private const string CellReplicas = Cell + ".replicas=";

    private static readonly IReadOnlyList<WorkloadDefinition>[] Kits = [StorageWorkloads.All, ConsensusWorkloads.All];

    public static IEnumerable<string> Names => Systems.Select(s => s.Name);

    /// <summary>Those that may run outside of the world.</summary>
    public static IEnumerable<string> Externals => Systems.Where(s => s.External is not null).Select(s => s.Name);

    /// <summary>What systems, and the kits below them, are tried with in simulation.</summary>
    public static IEnumerable<WorkloadDefinition> Workloads => Systems.SelectMany(s => s.Workloads()).Concat(Kits.SelectMany(k => k));

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
        if (wanted.Concat(outside.Keys).FirstOrDefault(w => Systems.All(s => s.Name != w)) is { } unknown)
            throw new ArgumentException($"There is no system '{unknown}'. Known: {string.Join(", ", Names)}");
        var isWithFace = wanted.Contains(Cell);
        var systems = Systems
            .Where(s => wanted.Count == 0 || wanted.Contains(s.Name) || outside.ContainsKey(s.Name) || (isWithFace && s.Name == Face))
            .Select(s => outside.TryGetValue(s.Name, out var at) ? Outside(s, at) : s.Create()).ToList();
        foreach (var setting in wanted.Count == 0 || isWithFace ? FaceSettings(settings) : settings)
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

    private static SystemDefinition Outside(Entry system, string at) => system.External?.Invoke(at)
        ?? throw new ArgumentException($"'{system.Name}' cannot be external. Those that can: {string.Join(", ", Externals)}");

    // As many members as the cell has; what is set for the face itself comes later and counts.
    private static IEnumerable<string> FaceSettings(IEnumerable<string> settings) =>
        settings.Where(s => s.StartsWith(CellReplicas, StringComparison.Ordinal)).Select(s => Face + s[Cell.Length..]).Concat(settings);

    private sealed record Entry(string Name, Func<SystemDefinition> Create, Func<IReadOnlyList<WorkloadDefinition>> Workloads)
    {
        /// <summary>Makes the proxy of the real one, at <c>host:port</c>; null where there is none.</summary>
        public Func<string, SystemDefinition>? External { get; init; }
    }
}
