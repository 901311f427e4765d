namespace Microcosm.Tidy.Tests;

/// <summary>Sizes of files: small ones are read, large ones are feared.</summary>
public sealed class SizeTests
{
    private const int FileBytesMax = 400_000;

    [Fact]
    public void The_median_file_has_at_most_120_lines() => Assert.InRange(At(Repository.Sources.Count / 2), 1, 120);

    [Fact]
    public void Nine_files_of_ten_have_at_most_350_lines() => Assert.InRange(At(Repository.Sources.Count * 9 / 10), 1, 350);

    [Fact]
    public void No_file_has_more_than_600_lines() => Findings.None(Longer(600, Repository.Sources));

    [Fact]
    public void Shells_have_at_most_300_lines() =>
        Findings.None(Longer(300, Repository.Sources.Where(f => f.IsIn("systems") && f.Path.Contains("/src/Shell/"))));

    [Fact]
    public void No_tracked_file_is_over_400_kilobytes() =>
        Findings.None(Repository.Files.Where(f => new FileInfo(Path.Combine(Repository.Root, f)).Length > FileBytesMax));

    private static int At(int rank) => Repository.Sources.Select(f => f.Lines.Length).Order().ElementAt(rank);

    private static IEnumerable<string> Longer(int lines, IEnumerable<SourceFile> files) =>
        files.Where(f => f.Lines.Length > lines).Select(f => $"{f.Path}: {f.Lines.Length} lines");
}
