using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microcosm.SideBySide;

/// <summary>What a comparison saw, for people and for programs.</summary>
internal sealed class Report(string name, string title, string command, string text)
{
    private const string Legend = "Values are medians; behind ± is how far the farthest is off; ratios are to the first server.";

    private static readonly JsonSerializerOptions Json = new()
        { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<Section> _sections = [];
    private readonly List<string> _notes = [];
    private readonly string _machine = Machine.Describe();

    /// <summary>Of its files.</summary>
    public string Name => name;

    public bool IsEmpty => _sections.All(s => s.Figures.IsEmpty);

    /// <inheritdoc cref="Section"/>
    public Section Add(string sectionTitle, string sectionText = "")
    {
        var section = new Section(sectionTitle, sectionText);
        _sections.Add(section);
        return section;
    }

    /// <summary>Something that its readers should know, as that a peer was not there.</summary>
    public void Note(string note)
    {
        Console.Error.WriteLine(note);
        _notes.Add(note);
    }

    public string ToMarkdown()
    {
        var markdown = new StringBuilder($"# {title}\n\n{_machine} Made by `{command}`.\n{text} {Legend}\n");
        foreach (var note in _notes)
            markdown.Append($"\n{note}\n");
        foreach (var section in _sections.Where(s => !s.Figures.IsEmpty))
        {
            if (section.Title.Length > 0)
                markdown.Append($"\n## {section.Title}\n");
            if (section.Text.Length > 0)
                markdown.Append($"\n{section.Text}\n");
            markdown.Append($"\n{section.Figures.ToMarkdown()}");
            if (section.Failed > 0)
                markdown.Append($"\nFailed, in all runs: {section.Failed}.\n");
        }
        return markdown.ToString();
    }

    /// <summary>One report as an object, several as an array.</summary>
    public static string ToJson(IEnumerable<Report> reports)
    {
        var all = reports.Select(r => r.ToJson()).ToList();
        return JsonSerializer.Serialize(all is [var one] ? one : all, Json) + "\n";
    }

    private object ToJson() => new
    {
        name,
        title,
        command,
        machine = _machine,
        text,
        notes = _notes,
        sections = _sections.Where(s => !s.Figures.IsEmpty)
            .Select(s => new { title = s.Title, text = s.Text, failed = s.Failed, figures = s.Figures.ToJson() }),
    };
}
