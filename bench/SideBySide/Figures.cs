using System.Globalization;
using System.Text;

namespace Microcosm.SideBySide;

/// <summary>What was seen of several servers, several times: medians, and ratios to the first server.</summary>
internal sealed class Figures
{
    private readonly Dictionary<(string Figure, string Server), List<double>> _seen = [];
    private readonly List<string> _figures = [];
    private readonly List<string> _servers = [];

    public void See(string server, string figure, double value)
    {
        if (!_figures.Contains(figure))
            _figures.Add(figure);
        if (!_servers.Contains(server))
            _servers.Add(server);
        if (!_seen.TryGetValue((figure, server), out var values))
            _seen[(figure, server)] = values = [];
        values.Add(value);
    }

    /// <summary>A table in Markdown, figures in the order in which they were first seen.</summary>
    public string Table()
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
                if (!_seen.TryGetValue((figure, server), out var seen))
                {
                    // Not everything is asked of everybody.
                    text.Append(server == _servers[0] ? " – |" : " – | – |");
                    continue;
                }
                var median = Median(seen);
                text.Append(CultureInfo.InvariantCulture, $" {(median >= 1000 ? median.ToString("N0", CultureInfo.InvariantCulture)
                    : median.ToString("0.00", CultureInfo.InvariantCulture))} |");
                if (server != _servers[0])
                    text.Append(CultureInfo.InvariantCulture, $" {median / Median(_seen[(figure, _servers[0])]):0.00} |");
            }
            text.Append('\n');
        }
        return text.ToString();
    }

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
