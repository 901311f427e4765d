using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Microcosm.Kafka.Tests.Clients;

/// <summary>A client of another process. Tests skip, with the reason, where it is missing.</summary>
internal static class ForeignClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), InstallPatience = TimeSpan.FromSeconds(90);
    private static readonly Lazy<Task<string?>> NodeClients = new(InstallAsync);

    /// <summary>Debian's kcat; what it prints, without what it says about itself.</summary>
    public static async Task<string> KcatAsync(string input, params string[] arguments)
    {
        Assert.SkipUnless(IsInstalled("kcat"), "needs kcat (Debian package kcat)");
        return await CheckedAsync("kcat", Path.GetTempPath(), input, arguments);
    }

    /// <summary>One case of a script in the folder <c>node</c>; what it prints.</summary>
    public static async Task<string> NodeAsync(string script, params string[] arguments)
    {
        if (await NodeClients.Value is { } missing)
            Assert.Skip(missing);
        return await CheckedAsync("node", Folder, "", [script, .. arguments]);
    }

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "node-clients");

    private static async Task<string> CheckedAsync(string program, string folder, string input, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(program, folder, input, Patience, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {output} {errors}");
        return output;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(
        string program, string folder, string input, TimeSpan patience, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(patience);
            return (process.ExitCode, await output, await errors);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {patience}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, program)));

    // Null when all is there, else why not. By the committed lock file, from the registry that npm is configured with.
    private static async Task<string?> InstallAsync()
    {
        if (!IsInstalled("node") || !IsInstalled("npm"))
            return "needs node and npm (Debian packages nodejs and npm)";
        Directory.CreateDirectory(Folder);
        foreach (var file in Directory.GetFiles(SourceFolder()))
            File.Copy(file, Path.Combine(Folder, Path.GetFileName(file)), overwrite: true);
        if (File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
            return null;
        var (code, _, errors) =
            await RunAsync("npm", Folder, "", InstallPatience, "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline",
            "--fetch-retries=1", "--fetch-timeout=30000");
        return code == 0 ? null : $"npm ci could not install the clients: {errors.Trim()}";
    }

    private static string SourceFolder([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file)!, "node");
}
