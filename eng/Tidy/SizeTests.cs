namespace Microcosm.Tidy.Tests;

/// <summary>Sizes: small files, short lines.</summary>
public sealed class SizeTests
{
    [Fact]
    public void Files_are_small()
    {
        var lengths = Repository.ProductSources.Select(f => Repository.Lines(f).Length).Order().ToArray();
        Assert.InRange(lengths[lengths.Length / 2], 1, 120);
        Assert.InRange(lengths[lengths.Length * 9 / 10], 1, 350);
        Assert.InRange(lengths[^1], 1, 600);
    }

    [Fact]
    public void Shells_are_thin() =>
        Assert.Empty(Repository.ProductSources.Where(f => f.Contains("/Shell/") && Repository.Lines(f).Length > 300));

    // Texts of the peers' own wording may be longer than a line.
    [Fact]
    public void Lines_fit_on_a_screen()
    {
        var wrong = Repository.Sources
            .SelectMany(f => Repository.Lines(f).Select((line, i) => (f, i, line)))
            .Where(l => l.line.Length > 140 && !l.line.Contains('"'))
            .Select(l => $"{l.f}:{l.i + 1}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void No_tracked_file_is_large() =>
        Assert.Empty(Repository.Files.Where(f => new FileInfo(Path.Combine(Repository.Root, f)).Length > 400_000));
}
