using System.Diagnostics;
using System.Reflection;

namespace Microcosm.Testing.Tests;

/// <summary>A process that a test started, run to its end.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">All that it wrote.</param>
internal sealed record InnerRun(int ExitCode, string Output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Runs one method of the tests that fail (tests/Inner).</summary>
    public static Task<InnerRun> OfTestAsync(string method)
    {
        var configuration = typeof(InnerRun).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        return OfShellAsync($"dotnet run -c {configuration} --project products/Testing/tests/Inner -- -method '*.{method}'");
    }

    /// <summary>Runs a command line as a user's shell would, in the folder of the repository. Where the tests that fail were built with
    /// these nothing is built again.</summary>
    public static Task<InnerRun> OfShellAsync(string command) => RunAsync("sh", "-c",
        IsBuilt ? command.Replace("dotnet run ", "dotnet run --no-build ", StringComparison.Ordinal) : command);

    private static bool IsBuilt => Directory.Exists(
        AppContext.BaseDirectory.Replace("Microcosm.Testing.Tests", "Microcosm.Testing.Inner.Tests", StringComparison.Ordinal));

    private static async Task<InnerRun> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root(),
        };
        start.Environment["PWD"] = Root();
        // What says which seeds these tests run must not reach theirs.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("MICROCOSM_", StringComparison.Ordinal)).ToArray())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(Patience);
            return new(process.ExitCode, await output + await errors);
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
