namespace Microcosm.Score;

/// <summary>
/// Why cases fail, by hand: a line is a reason, the indented lines below it are its cases (<c>unit: case</c>, or <c>unit: words *</c> for
/// all that begin so).
/// </summary>
internal sealed class Reasons
{
    private readonly List<(string Pattern, string Reason)> _lines = [];

    private Reasons()
    {
    }

    /// <summary>What a case without a line gets.</summary>
    public const string Unknown = "Not looked into yet";

    /// <summary>Reads the file; none is as good as an empty one.</summary>
    public static Reasons Read(string path)
    {
        var reasons = new Reasons();
        var reason = Unknown;
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            if (line.StartsWith(' '))
                reasons._lines.Add((line.Trim(), reason));
            else if (line.Length > 0 && line[0] != '#')
                reason = line;
        }
        return reasons;
    }

    /// <summary>The reason of a case.</summary>
    public string Of(string name) =>
        _lines.Find(l => l.Pattern.EndsWith('*') ? name.StartsWith(l.Pattern[..^1], StringComparison.Ordinal) : name == l.Pattern).Reason
        ?? Unknown;
}
