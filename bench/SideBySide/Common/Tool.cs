using System.Diagnostics;

namespace Microcosm.SideBySide;

/// <summary>A program that does something and ends.</summary>
internal static class Tool
{
    /// <summary>What it prints. Throws <see cref="IOException"/> where it fails.</summary>
    public static string Run(params IReadOnlyList<string> line)
    {
        var start = new ProcessStartInfo(line[0], line.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new IOException($"'{string.Join(' ', line)}' failed: {errors.Result}{output}");
    }
}
