using System.Text;

namespace Microcosm.Nginx;

/// <summary>Reads the configuration of a node of a world.</summary>
internal static class NodeConfiguration
{
    // What is the process', which a node is not: nobody is told to change users, priorities or folders.
    private static readonly string[] OfTheProcess =
    [
        "user", "worker_processes", "worker_priority", "worker_cpu_affinity", "worker_rlimit_core", "worker_rlimit_nofile",
        "working_directory", "env", "daemon", "master_process", "pid", "lock_file",
    ];

    /// <summary>Throws <see cref="ArgumentException"/> for a configuration that nginx refuses, with its words, or that a node cannot carry
    /// out.</summary>
    /// <param name="say">Told what is worth a line in the log.</param>
    /// <param name="unserved">Told what the configuration wants that is not there.</param>
    public static NginxConfiguration Load(
        NginxOptions options, NodeFolder folder, INameResolver names, Action<string> say, Action<string> unserved)
    {
        var paths = folder.Paths();
        var loader = new ConfigurationLoader(paths, new Files(options, paths), names);
        try
        {
            var configuration = ConfigurationCompiler.Compile(loader, "");
            Served.Check(configuration);
            Check(configuration);
            foreach (var diagnostic in loader.Diagnostics)
                say(diagnostic.Message);
            var without = configuration.Uses.Select(u => u.Directive.Name).Where(OfTheProcess.Contains).Distinct().ToArray();
            if (without.Length > 0)
                say($"a node of a world is no process of its own: without effect are {string.Join(", ", without)}");
            return configuration;
        }
        catch (ConfigurationException e)
        {
            if (e.Unserved is { } name)
                unserved(name);
            throw new ArgumentException($"nginx: [emerg] {e.Message}");
        }
    }

    /// <summary>What it listens on, http first.</summary>
    public static IEnumerable<Address> Listens(NginxConfiguration configuration) =>
        (configuration.Http?.Listens.Select(l => l.Address) ?? []).Concat(configuration.Stream?.Listens.Select(l => l.Address) ?? []);

    private static void Check(NginxConfiguration configuration)
    {
        Address[] listens = [.. Listens(configuration)];
        if (listens.Length == 0)
            throw ConfigurationException.Unplaced("no server listens anywhere");
        if (configuration.Stream?.Listens.FirstOrDefault(l => l.Options.IsUdp) is { } udp)
            throw ConfigurationException.Unplaced($"\"udp\" on {udp.Address}: the network of a world has connections only");
        var upstreams = (configuration.Http?.Upstreams ?? []).Concat(configuration.Stream?.Upstreams ?? []);
        var sockets = listens.Concat(upstreams.SelectMany(u => u.Servers).SelectMany(s => s.Addresses));
        if (sockets.FirstOrDefault(a => a.IsUnix) is { } unix)
            throw ConfigurationException.Unplaced($"{unix} is a socket of the machine, which a node of a world does not reach");
    }

    // The text stands where its file would.
    private sealed class Files(NginxOptions options, ConfigurationPaths paths) : IConfigurationFiles
    {
        private readonly ProgramMachine _machine = new();

        public byte[] Read(string path) =>
            options.IsText && path == paths.Configuration ? Encoding.UTF8.GetBytes(options.Conf + "\n") : _machine.Read(path);

        public IReadOnlyList<string> Match(string pattern) => _machine.Match(pattern);
    }
}
