using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Microcosm.Cli.Tests;

/// <summary>A running <c>cosm up</c>, ready.</summary>
internal sealed class CosmUp : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _folder = Directory.CreateTempSubdirectory("microcosm-cli").FullName;

    private CosmUp(string[] arguments)
    {
        ReadyFile = Path.Combine(_folder, "ready.json");
        string[] control = arguments.Contains("--control-port") ? [] : ["--control-port", "0"];
        string[] systems = arguments.Any(a => a is "redis" or "kafka" or "nginx") ? [] : ["redis"];
        string[] output = ["--output", "json", "--ready-file", ReadyFile];
        _process = Process.Start(Cosm.Command(["up", .. systems, .. output, .. control, .. arguments]))!;
    }

    /// <summary>What it said when it was ready.</summary>
    public JsonNode Said { get; private set; } = null!;

    /// <summary>The file it wrote.</summary>
    public string ReadyFile { get; }

    /// <summary>Port of the control API.</summary>
    public int ControlPort => new Uri((string)Said["control"]!).Port;

    /// <summary>Standard error, once it ended.</summary>
    public string Errors => _process.StandardError.ReadToEnd();

    /// <summary>Where clients reach Redis.</summary>
    public IPEndPoint Redis => IPEndPoint.Parse((string)Said["systems"]!["redis"]!["endpoints"]![0]!);

    /// <summary>Kafka's <c>bootstrap.servers</c>.</summary>
    public string Kafka => (string)Said["systems"]!["kafka"]!["connection"]!;

    /// <summary>Starts a world on free ports, unless <paramref name="arguments"/> say otherwise, and waits until it is ready.</summary>
    public static async Task<CosmUp> StartAsync(params string[] arguments)
    {
        var up = new CosmUp(arguments.Contains("--ports") ? arguments : ["--ports", "auto", .. arguments]);
        var line = await up._process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (line is null)
            throw new InvalidOperationException("cosm up ended: " + await up._process.StandardError.ReadToEndAsync());
        up.Said = JsonNode.Parse(line)!;
        return up;
    }

    /// <summary>Runs another command against this world.</summary>
    public Task<Cosm> RunAsync(params string[] arguments) => Cosm.RunAsync([.. arguments, "--control-port", $"{ControlPort}"]);

    /// <summary>The same, for its JSON; the command must succeed.</summary>
    public async Task<JsonNode> AskAsync(params string[] arguments)
    {
        var run = await RunAsync([.. arguments, "--output", "json"]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run.Json;
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Ends it at once, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Its exit code, once it ended.</summary>
    public async Task<int> ExitCodeAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
