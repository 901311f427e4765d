namespace Microcosm.Cli;

/// <summary>A chapter, as the contents of the course have it.</summary>
/// <param name="Number">1 to 28; 0 is the overview.</param>
/// <param name="Title">The system.</param>
/// <param name="Group">Whose systems it stands among.</param>
/// <param name="File">Of the chapter, in docs/course; null where it is not written yet.</param>
/// <param name="About">What it shows, or will show; Markdown.</param>
internal sealed record ContentsEntry(int Number, string Title, string Group, string? File, string About);
