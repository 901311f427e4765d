namespace Microcosm.SideBySide;

/// <summary>A table of a report.</summary>
/// <param name="title">Empty where the report has one table.</param>
/// <param name="text">What has to be known to read it; may be empty.</param>
internal sealed class Section(string title, string text)
{
    public string Title => title;

    public string Text => text;

    public Figures Figures { get; } = new();

    /// <summary>Operations that failed in all runs; a server that refuses what it should do is not faster.</summary>
    public long Failed { get; set; }
}
