namespace Microcosm.SideBySide;

/// <summary>Puts the same loads to several servers in turn and tells medians and ratios to the first.</summary>
internal sealed class Comparison((string Command, int Pipeline, int Requests)[] loads, int rounds)
{
    private readonly Figures _figures = new();

    /// <summary>Starts each server anew in each round. Returns a table in Markdown.</summary>
    public string Run(IReadOnlyList<Func<Server>> starts)
    {
        for (var round = 0; round < rounds; round++)
        {
            Console.Error.WriteLine($"  round {round + 1} of {rounds}");
            var servers = starts.Select(start => start()).ToList();
            foreach (var server in servers)
            {
                See(server, "start to first reply, ms", server.FirstReplyMs);
                See(server, "idle RSS, MiB", server.ResidentBytes / 1048576.0);
            }
            // Warm: compiled code, grown buffers, the keys that GET asks for.
            foreach (var server in servers)
            {
                foreach (var (command, pipeline, _) in loads)
                    Load.Run(server, command, pipeline, 100_000);
            }
            foreach (var (command, pipeline, requests) in loads)
            {
                foreach (var server in servers)
                    See(server, $"{command.ToUpperInvariant()} -P {pipeline}", Load.Run(server, command, pipeline, requests));
            }
            servers.ForEach(s => s.Dispose());
            foreach (var start in starts)
            {
                using var server = start();
                See(server, "bytes per small key", Load.BytesPerKey(server));
            }
        }
        return _figures.Table();
    }

    private void See(Server server, string load, (double PerSecond, double CpuSecondsPerMillion) figures)
    {
        See(server, $"{load}, requests/s", figures.PerSecond);
        See(server, $"{load}, CPU s per million", figures.CpuSecondsPerMillion);
    }

    private void See(Server server, string figure, double value) => _figures.See(server.Name, figure, value);
}
