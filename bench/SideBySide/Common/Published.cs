using System.Diagnostics;

namespace Microcosm.SideBySide;

/// <summary>What lies in the repository: programs of ours as users have them, and the results that are kept.</summary>
internal static class Published
{
    // artifacts/bin/Microcosm.SideBySide/release
    private static readonly string Root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../.."));

    /// <summary>Where a program is.</summary>
    public static string PathOf(string program) => Path.Combine(Root, "artifacts/bench", program, program);

    /// <summary>Publishes a project. Throws <see cref="IOException"/> where that fails.</summary>
    public static void Publish(string project, string program)
    {
        if (!TryBuild("publish", project, program))
            throw new IOException($"{project} could not be published");
    }

    /// <summary>Builds a project or a single file; tells on standard error why it cannot.</summary>
    public static bool TryBuild(string how, string project, string program)
    {
        Console.Error.WriteLine($"{how} {project}");
        var build = new ProcessStartInfo("dotnet",
            [how, "-c", "Release", project, "-o", $"artifacts/bench/{program}", "-v", "quiet", "-nologo"])
            { WorkingDirectory = Root, RedirectStandardOutput = true };
        using var process = Process.Start(build)!;
        Console.Error.Write(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    /// <summary>Writes a report beside those of earlier runs.</summary>
    public static void Keep(Report report)
    {
        var path = Path.Combine(Root, "bench/results", report.Name);
        File.WriteAllText(path + ".md", report.ToMarkdown());
        File.WriteAllText(path + ".json", Report.ToJson([report]));
        Console.Error.WriteLine($"bench/results/{report.Name}.md and .json are written");
    }
}
