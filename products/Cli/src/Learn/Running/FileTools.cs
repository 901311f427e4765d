using System.Globalization;
using System.Text;

namespace Microcosm.Cli;

/// <summary><c>ls</c>, <c>cat</c> and <c>head -c</c>, on what a world wrote into the chapter's own folder, and files that a reader
/// writes.</summary>
internal static class FileTools
{
    /// <summary>The output, or null if the command is none of these.</summary>
    public static string? TryRun(IReadOnlyList<string> words, string folder) => words switch
    {
        ["ls", var path] => string.Join('\n', Directory.EnumerateFileSystemEntries(Inside(folder, path))
            .Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal)),
        ["cat", var path] => Encoding.UTF8.GetString(File.ReadAllBytes(Inside(folder, path))),
        ["head", "-c", var count, var path] => Encoding.UTF8.GetString(
            File.ReadAllBytes(Inside(folder, path)).AsSpan(0, int.Parse(count, CultureInfo.InvariantCulture))),
        _ => null,
    };

    /// <summary>Writes lines into a file; returns them.</summary>
    public static string Write(string path, string lines, string folder)
    {
        File.WriteAllText(Inside(folder, path), lines + "\n");
        return lines;
    }

    private static string Inside(string folder, string path)
    {
        var full = Path.GetFullPath(Path.Combine(folder, path));
        return full.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? full
            : throw new FormatException($"'{path}' is not within the chapter's folder");
    }
}
