using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microcosm.Tidy.Tests;

/// <summary>The files of the repository that git tracks, or would.</summary>
internal static class Repository
{
    private static readonly string[] NotOurs = [".git", "artifacts", "bin", "obj", "node_modules", ".vs", ".idea"];
    private static readonly Lazy<string> LazyRoot = new(FindRoot);
    private static readonly Lazy<IReadOnlyList<string>> LazyFiles = new(ListFiles);
    private static readonly Lazy<IReadOnlyList<SourceFile>> LazySources = new(() =>
        [.. Files.Where(f => Path.GetExtension(f) == ".cs").AsParallel().AsOrdered().Select(f => SourceFile.Parse(f, Read(f)))]);

    /// <summary>The folder that holds Microcosm.slnx.</summary>
    public static string Root => LazyRoot.Value;

    /// <summary>Paths from the root, forward slashes.</summary>
    public static IReadOnlyList<string> Files => LazyFiles.Value;

    /// <summary>C# files, parsed.</summary>
    public static IReadOnlyList<SourceFile> Sources => LazySources.Value;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    /// <summary>Names of the folders in <paramref name="folder"/>: <c>Redis</c> in <c>systems</c>.</summary>
    public static IEnumerable<string> FoldersIn(string folder) =>
        Files.Where(f => f.StartsWith(folder + "/", StringComparison.Ordinal) && f.Count(c => c == '/') > 1)
            .Select(f => f.Split('/')[1]).Distinct();

    /// <summary>Systems that have their door, <c>src/RedisSystem.cs</c>: those that a world can hold.</summary>
    public static IEnumerable<string> WholeSystems => FoldersIn("systems").Where(s => Files.Contains($"systems/{s}/src/{s}System.cs"));

    /// <summary>Files that a pattern names: <c>*</c> stands for any part of a name.</summary>
    public static IEnumerable<string> Matching(string pattern)
    {
        var regex = new Regex("^" + Regex.Escape(pattern).Replace(@"\*", "[^/]*") + "$");
        return Files.Where(f => regex.IsMatch(f));
    }

    private static string FindRoot()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Microcosm.slnx")))
                return at.FullName;
        }
        throw new InvalidOperationException("Microcosm.slnx is in no folder above the tests");
    }

    private static IReadOnlyList<string> ListFiles() =>
        [.. (FromGit() ?? FromFolder("")).Where(f => File.Exists(Path.Combine(Root, f))).Order(StringComparer.Ordinal)];

    /// <summary>What git prints; null where there is none, or it fails.</summary>
    public static string? Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += static (_, _) => { };
            git.BeginErrorReadLine();
            var printed = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? printed : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static string[]? FromGit() => Git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
        ?.Split('\0', StringSplitOptions.RemoveEmptyEntries);

    // A source archive, or a machine without git.
    private static IEnumerable<string> FromFolder(string folder) =>
        Directory.EnumerateFileSystemEntries(Path.Combine(Root, folder))
            .Where(e => !NotOurs.Contains(Path.GetFileName(e)))
            .SelectMany(e => Directory.Exists(e)
                ? FromFolder(Path.GetRelativePath(Root, e))
                : [Path.GetRelativePath(Root, e).Replace('\\', '/')]);
}
