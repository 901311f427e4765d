namespace Microcosm.Cli;

/// <summary>The course as it was when this program was built, which carries it.</summary>
internal static class Course
{
    private const string Prefix = "course/";
    private const string Overview = "00-overview.md";

    /// <summary>The overview, as chapter 0, then all 28.</summary>
    public static IReadOnlyList<ContentsEntry> Entries() =>
        [new(0, "Overview", "", Overview, ""), .. Contents.Parse(Read(Overview))];

    /// <summary>A chapter that is written.</summary>
    public static Chapter Chapter(string file) => Cli.Chapter.Parse(file, Read(file));

    private static string Read(string file)
    {
        using var resource = typeof(Course).Assembly.GetManifestResourceStream(Prefix + file)
            ?? throw new InvalidOperationException($"the course was built without {file}");
        using var reader = new StreamReader(resource);
        return reader.ReadToEnd();
    }
}
