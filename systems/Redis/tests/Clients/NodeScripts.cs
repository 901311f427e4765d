using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Microcosm.Redis.Tests;

/// <summary>
/// Runs the scripts of the folder <c>node</c> with the official JavaScript clients, which npm installs from its configured registry, by
/// the committed lock file, beside the test's binaries. Without node, npm or the registry the tests skip.
/// </summary>
internal static class NodeScripts
{
    private static readonly Lazy<Task<string?>> Ready = new(InstallAsync);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "node-clients");

    /// <summary>Runs one case to its end; <paramref name="steps"/> are what the script may ask for meanwhile.</summary>
    public static async Task RunAsync(string[] arguments, Dictionary<string, Func<Task>>? steps = null)
    {
        if (await Ready.Value is { } missing)
            Assert.Skip(missing);
        var start = new ProcessStartInfo("node", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.WorkingDirectory = Folder;
        using var process = Process.Start(start)!;
        try
        {
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is { } line && line != "done")
            {
                if (line.StartsWith("failed ", StringComparison.Ordinal))
                    Assert.Fail($"{string.Join(' ', arguments)}: {line}");
                if (!line.StartsWith("step ", StringComparison.Ordinal))
                    continue;
                await steps![line[5..]]().WaitAsync(Patience);
                await process.StandardInput.WriteLineAsync("go on");
                await process.StandardInput.FlushAsync();
            }
            await process.WaitForExitAsync().WaitAsync(Patience);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    // Null when all is there, else why not.
    private static async Task<string?> InstallAsync()
    {
        foreach (var program in (string[])["node", "npm"])
        {
            if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, program))))
                return $"needs {program} (Debian packages nodejs and npm)";
        }
        Directory.CreateDirectory(Folder);
        foreach (var file in Directory.GetFiles(SourceFolder()))
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)), overwrite: true);
        if (File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
            return null;
        using var npm = Process.Start(new ProcessStartInfo("npm",
            ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--fetch-retries=1", "--fetch-timeout=30000"])
        {
            WorkingDirectory = Folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = npm.StandardOutput.ReadToEndAsync();
        var errors = await npm.StandardError.ReadToEndAsync();
        await output;
        await npm.WaitForExitAsync();
        return npm.ExitCode == 0 ? null : $"npm ci could not install the clients: {errors.Trim()}";
    }

    private static string SourceFolder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "node");
}
