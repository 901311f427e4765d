using System.Globalization;
using System.Text;

namespace Microcosm.SideBySide;

/// <summary>Puts the same loads to several servers in turn and tells medians and ratios to the first.</summary>
internal sealed class Comparison((string Command, int Pipeline, int Requests)[] loads, int rounds)
{
    private readonly Dictionary<(string Figure, string Server), List<double>> _seen = [];
    private readonly List<string> _figures = [];
    private readonly List<string> _servers = [];

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
        return Table();
    }

    private void See(Server server, string load, (double PerSecond, double CpuSecondsPerMillion) figures)
    {
        See(server, $"{load}, requests/s", figures.PerSecond);
        See(server, $"{load}, CPU s per million", figures.CpuSecondsPerMillion);
    }

    private void See(Server server, string figure, double value)
    {
        if (!_figures.Contains(figure))
            _figures.Add(figure);
        if (!_servers.Contains(server.Name))
            _servers.Add(server.Name);
        if (!_seen.TryGetValue((figure, server.Name), out var values))
            _seen[(figure, server.Name)] = values = [];
        values.Add(value);
    }

    private string Table()
    {
        var text = new StringBuilder("| |");
        foreach (var server in _servers)
            text.Append(server == _servers[0] ? $" {server} |" : $" {server} | ratio |");
        text.Append("\n|---|").Append(string.Concat(Enumerable.Repeat("---:|", _servers.Count * 2 - 1))).Append('\n');
        foreach (var figure in _figures)
        {
            text.Append($"| {figure} |");
            foreach (var server in _servers)
            {
                var median = Median(_seen[(figure, server)]);
                text.Append(CultureInfo.InvariantCulture, $" {(median >= 1000 ? median.ToString("N0", CultureInfo.InvariantCulture)
                    : median.ToString("0.00", CultureInfo.InvariantCulture))} |");
                if (server != _servers[0])
                    text.Append(CultureInfo.InvariantCulture, $" {median / Median(_seen[(figure, _servers[0])]):0.00} |");
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
