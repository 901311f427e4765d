using System.Globalization;
using System.Text.RegularExpressions;

namespace Microcosm.Cli;

/// <summary>
/// Chapters show the usual ports, runs have free ones. What <c>cosm up</c> printed, beside what the chapter quotes of it,
/// says which is which.
/// </summary>
internal sealed partial class PortMap
{
    private readonly Dictionary<int, int> _actual = [];

    /// <summary>Those that are not as shown: <c>6379 is 41000</c>.</summary>
    public IEnumerable<string> Others => _actual.Where(p => p.Key != p.Value).Select(p => $"{p.Key} is {p.Value}");

    /// <summary>Pairs the ports quoted with those printed, in their order.</summary>
    public void Learn(IEnumerable<string> quoted, string printed)
    {
        _actual.Clear();
        var pairs = PortsIn(string.Join('\n', quoted)).Zip(PortsIn(printed));
        foreach (var (shown, actual) in pairs)
            _actual[shown] = actual;
    }

    /// <summary>The port that a run has for one that a chapter shows. Throws <see cref="FormatException"/> if there is none.</summary>
    public int Actual(int shown) => _actual.TryGetValue(shown, out var actual)
        ? actual
        : throw new FormatException($"no 'cosm up' of this chapter shows port {shown}");

    /// <summary>Text with the run's ports replaced by those shown.</summary>
    public string ToShown(string text) => Address().Replace(text, match =>
    {
        var actual = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        return _actual.ContainsValue(actual) ? $"127.0.0.1:{_actual.First(p => p.Value == actual).Key}" : match.Value;
    });

    /// <summary>The opposite. Throws <see cref="FormatException"/> for a port that is not shown.</summary>
    public string ToActual(string text) => Address().Replace(
        text, match => $"127.0.0.1:{Actual(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))}");

    /// <summary>Ports of this machine that a text names, in its order.</summary>
    public static IEnumerable<int> PortsIn(string text) =>
        Address().Matches(text).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\b127\.0\.0\.1:(\d+)")]
    private static partial Regex Address();
}
