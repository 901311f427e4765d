using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microcosm.Packages.Tests;

/// <summary>The tools, installed as a user does.</summary>
public sealed partial class ToolTests(Packed packed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public async Task Cosm_is_installed_starts_a_world_and_ends_it()
    {
        var folder = await InstallAsync("Microcosm.Cli");
        var cosm = Path.Combine(folder, "cosm");
        var version = await Run.OfAsync(cosm, folder, Nothing, "--version");
        Assert.Equal((0, "0.1.0"), (version.ExitCode, version.Output.Split('+')[0].Trim()));
        using var up = Process.Start(Run.Command(cosm, folder, Nothing, "up", "--ports", "auto", "--control-port", "0"))!;
        try
        {
            string? line;
            do
                line = await up.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            while (line is not null && !Control().IsMatch(line));
            Assert.NotNull(line);
            var port = Control().Match(line).Groups[1].Value;
            var nodes = await Run.OfAsync(cosm, folder, Nothing, "ps", "--control-port", port);
            Assert.Equal(0, nodes.ExitCode);
            Assert.All(["chubby-1", "etcd-1", "kafka-1", "nginx-1", "redis-1"], name => Assert.Contains(name, nodes.Output));
            Assert.Equal(0, (await Run.OfAsync(cosm, folder, Nothing, "down", "--control-port", port)).ExitCode);
            await up.WaitForExitAsync().WaitAsync(Patience);
            Assert.Equal(0, up.ExitCode);
        }
        finally
        {
            if (!up.HasExited)
                up.Kill();
        }
    }

    [Fact]
    public async Task Nginx_is_installed_and_tests_a_configuration()
    {
        var folder = await InstallAsync("Microcosm.Nginx.Program");
        var conf = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(conf, "events { } http { server { listen 8437; return 200; } }");
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        var test = await Run.OfAsync(Path.Combine(folder, "nginx"), folder, Nothing, "-t", "-p", folder, "-c", conf);
        Assert.Contains("test is successful", test.Output);
    }

    private async Task<string> InstallAsync(string package)
    {
        var folder = packed.NewFolder(package);
        await Run.DotnetAsync(folder, Nothing, "tool", "install", package, "--tool-path", folder, "--source", packed.Folder,
            "--version", packed.Version);
        return folder;
    }

    [GeneratedRegex(@"^control\s+http://127\.0\.0\.1:(\d+)")]
    private static partial Regex Control();
}
