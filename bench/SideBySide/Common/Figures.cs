using System.Globalization;
using System.Text;

namespace Microcosm.SideBySide;

/// <summary>What was seen of several servers, several times: medians, how far off the others are, and ratios to the first server.</summary>
internal sealed class Figures
{
    private readonly Dictionary<(string Load, string Figure, string Server), List<double>> _seen = [];
    private readonly List<(string Load, string Figure)> _rows = [];
    private readonly List<string> _servers = [];

    public bool IsEmpty => _seen.Count == 0;

    private IEnumerable<(string Load, string Figure)> SeenRows =>
        _rows.Where(r => _servers.Any(s => _seen.ContainsKey((r.Load, r.Figure, s))));

    /// <summary>NaN is nothing that was seen; its row has its place all the same.</summary>
    public void See(string server, string load, string figure, double value)
    {
        if (!_rows.Contains((load, figure)))
            _rows.Add((load, figure));
        if (double.IsNaN(value))
            return;
        if (!_servers.Contains(server))
            _servers.Add(server);
        if (!_seen.TryGetValue((load, figure, server), out var values))
            _seen[(load, figure, server)] = values = [];
        values.Add(value);
    }

    /// <summary>A table in Markdown, loads and their figures in the order in which they were first seen.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder("| | |");
        foreach (var server in _servers)
            text.Append(server == _servers[0] ? $" {server} |" : $" {server} | ratio |");
        text.Append("\n|---|---|").Append(string.Concat(Enumerable.Repeat("---:|", _servers.Count * 2 - 1))).Append('\n');
        foreach (var load in SeenRows.GroupBy(r => r.Load))
        {
            var name = load.Key;
            foreach (var (_, figure) in load)
            {
                text.Append($"| {name} | {figure} |");
                foreach (var server in _servers)
                    text.Append(Cell(load.Key, figure, server));
                text.Append('\n');
                name = "";
            }
        }
        return text.ToString();
    }

    /// <summary>The same for programs: every value.</summary>
    public IEnumerable<object> ToJson() => SeenRows.Select(row => new
    {
        load = row.Load,
        figure = row.Figure,
        servers = _servers.Where(s => _seen.ContainsKey((row.Load, row.Figure, s))).ToDictionary(s => s, s =>
        {
            var values = _seen[(row.Load, row.Figure, s)];
            return new { median = Median(values), min = values.Min(), max = values.Max(), values };
        }),
    });

    public static double Median(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>Of sorted values the one that so many of a hundred do not exceed; NaN of none.</summary>
    public static double Percentile(double[] sorted, double percent) =>
        sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];

    private string Cell(string load, string figure, string server)
    {
        var isFirst = server == _servers[0];
        if (!_seen.TryGetValue((load, figure, server), out var values))
            return isFirst ? " – |" : " – | – |";
        var median = Median(values);
        var text = " " + median.ToString(median >= 1000 ? "N0" : "0.00", CultureInfo.InvariantCulture);
        if (values.Count > 1 && median > 0)
            text += string.Create(CultureInfo.InvariantCulture, $" ±{values.Max(v => Math.Abs(v - median)) / median * 100:0} %");
        if (isFirst)
            return text + " |";
        return _seen.TryGetValue((load, figure, _servers[0]), out var first) && Median(first) > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{text} | {median / Median(first):0.00} |") : text + " | – |";
    }
}
