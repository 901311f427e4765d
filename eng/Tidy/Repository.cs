using System.Diagnostics;

namespace Microcosm.Tidy.Tests;

/// <summary>The files of the repository that git tracks, or would.</summary>
internal static class Repository
{
    private static readonly Lazy<string> LazyRoot = new(FindRoot);
    private static readonly Lazy<IReadOnlyList<string>> LazyFiles = new(ListFiles);

    /// <summary>The folder that holds Microcosm.slnx.</summary>
    public static string Root => LazyRoot.Value;

    /// <summary>Paths from the root, forward slashes.</summary>
    public static IReadOnlyList<string> Files => LazyFiles.Value;

    /// <summary>C# files.</summary>
    public static IEnumerable<string> Sources => Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>C# files that are the product: not tests, benchmarks or samples.</summary>
    public static IEnumerable<string> ProductSources =>
        Sources.Where(f => !f.Contains("/tests/") && !f.Contains("/bench/") && !f.StartsWith("bench/", StringComparison.Ordinal)
            && !f.StartsWith("samples/", StringComparison.Ordinal) && !f.StartsWith("eng/Tidy/", StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Microcosm.slnx")))
                return at.FullName;
        }
        throw new InvalidOperationException("Microcosm.slnx is in no folder above the tests");
    }

    private static IReadOnlyList<string> ListFiles()
    {
        var start = new ProcessStartInfo("git", ["ls-files", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var files = git.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return [.. files.Where(f => File.Exists(Path.Combine(Root, f)))];
    }
}
