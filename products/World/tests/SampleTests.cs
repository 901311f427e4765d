using System.Diagnostics;

namespace Microcosm.Tests;

/// <summary>Every sample runs and prints what samples/README.md says it prints.</summary>
public sealed class SampleTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static IEnumerable<TheoryDataRow<string>> Samples() =>
        Directory.EnumerateFiles(Path.Combine(Root(), "samples"), "*.cs").Select(f => new TheoryDataRow<string>(Path.GetFileName(f)));

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_prints_what_its_readme_shows(string sample)
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Root(), "samples/README.md"));
        var command = $"dotnet run -c Release samples/{sample}";
        var shown = readme.Split($"$ {command}\n").ElementAtOrDefault(1)?.Split("\n\n")[0].Split("\n```")[0];
        Assert.NotNull(shown);
        Assert.Equal((0, shown), await RunAsync("run", "-c", "Release", $"samples/{sample}"));
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Root(), RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(Patience);
            return (process.ExitCode, (await output).Trim());
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string Root()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Microcosm.slnx")))
                return at.FullName;
        }
        throw new InvalidOperationException("Microcosm.slnx is in no folder above the tests");
    }
}
