using Microcosm.Cli;

namespace Microcosm.Course.Tests;

/// <summary>The contents of the course and its chapters agree.</summary>
public sealed class ContentsTests
{
    private const int ChapterCount = 28;
    private const string Overview = "00-overview.md";

    private static readonly string[] Headings =
    [
        "The problem", "The decision forced by the workload", "The mechanism", "Try it", "Break it", "What it cost",
        "How ours differs from the original", "Papers",
    ];

    private static readonly string Folder = Path.Combine(Checkout.Root, "docs", "course");
    private static readonly List<ContentsEntry> Entries = Contents.Parse(Read(Overview));

    private static IEnumerable<string> Chapters => Directory.GetFiles(Folder, "*.md").Select(f => Path.GetFileName(f))
        .Where(f => f is not ("README.md" or Overview)).Order(StringComparer.Ordinal);

    public static IEnumerable<TheoryDataRow<string>> Written() => Chapters.Select(f => new TheoryDataRow<string>(f));

    [Fact]
    public void Every_system_has_one_chapter_in_order() =>
        Assert.Equal(Enumerable.Range(1, Math.Max(ChapterCount, Entries.Count)), Entries.Select(e => e.Number));

    [Fact]
    public void What_is_written_is_linked_and_nothing_else() => Assert.Equal(Chapters, Entries.Select(e => e.File).OfType<string>());

    [Fact]
    public void Every_entry_stands_in_a_group_and_says_what_is_broken() =>
        Assert.Empty(Entries.Where(e => e.Group.Length == 0 || !e.About.Contains("Broken: ")).Select(e => e.Title));

    [Fact]
    public void Every_chapter_is_found_by_its_number_and_by_a_word_of_its_title() => Assert.All(Entries, e =>
    {
        Assert.Equal(e, Contents.Find(Entries, $"{e.Number}"));
        Assert.Equal(e, Contents.Find(Entries, e.Title.Split(' ')[^1].ToLowerInvariant()));
    });

    [Theory]
    [MemberData(nameof(Written))]
    public void A_chapter_has_the_headings_of_the_format_and_its_own_number(string file)
    {
        var sections = Chapter.Parse(file, Read(file)).Parts.OfType<Prose>().ToList();
        Assert.Equal(Headings, sections.Where(p => p.IsSection).Select(p => p.Markdown.Split('\n')[0][3..]));
        var entry = Entries.Single(e => e.File == file);
        Assert.StartsWith($"{entry.Number:00}-", file);
        Assert.StartsWith($"# {entry.Number}. ", sections[0].Markdown);
    }

    /// <summary>The overview tells the reader of the same parts.</summary>
    [Fact]
    public void The_overview_explains_each_part_of_a_chapter() =>
        Assert.All(Headings, h => Assert.Contains($"\n- **{h}**: ", Read(Overview)));

    [Theory]
    [InlineData("**1. A, B.** What\nit is.\n", 1, "A, B", null, "What it is.\n")]
    [InlineData("### G\n\n**22. [A](22-a.md).** Text\n\nmore", 22, "A", "22-a.md", "Text")]
    public void An_entry_is_a_paragraph_with_its_number(string text, int number, string title, string? file, string about)
    {
        var entry = Assert.Single(Contents.Parse(text));
        Assert.Equal((number, title, file, about.TrimEnd()), (entry.Number, entry.Title, entry.File, entry.About));
    }

    [Theory]
    [InlineData("**Not an entry.** x")]
    [InlineData("text **1. A.** x")]
    [InlineData("1. A")]
    public void Other_paragraphs_are_none(string text) => Assert.Empty(Contents.Parse(text));

    private static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));
}
