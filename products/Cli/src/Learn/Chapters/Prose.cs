namespace Microcosm.Cli;

/// <summary>Text between steps. A section's heading (<c>## …</c>) begins another one.</summary>
/// <param name="Markdown">As the chapter has it.</param>
internal sealed record Prose(string Markdown) : Part
{
    private const string Heading = "## ";

    /// <summary>True where a section begins.</summary>
    public bool IsSection => IsHeading(Markdown);

    public static bool IsHeading(string line) => line.StartsWith(Heading, StringComparison.Ordinal);
}
