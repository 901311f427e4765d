using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Microcosm.Score;

/// <summary>A world of ours in a process of its own, <c>cosm up</c>, in a folder that goes with it.</summary>
internal sealed class Cosm : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private Cosm(Process process, string folder, JsonNode told)
    {
        (_process, _folder) = (process, folder);
        Told = told;
    }

    /// <summary>What it said when it was ready.</summary>
    public JsonNode Told { get; }

    public static string Program(string root) => Path.Combine(root, "artifacts/bin/Microcosm.Cli/release/cosm");

    /// <param name="options">Of the system, by its names: <c>nodes=3</c>.</param>
    public static async Task<Cosm> StartAsync(string root, string system, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("score").FullName;
        var process = Process.Start(new ProcessStartInfo(Program(root), ["up", system, "--ports", "auto", "--control-port", "0",
            "--output", "json", .. options.SelectMany(o => new[] { "--set", $"{system}.{o}" })])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        })!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"our {system} did not start");
        // What it says later is let go.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        return new Cosm(process, folder, JsonNode.Parse(line)!);
    }

    /// <summary>The connection string of a system.</summary>
    public string Connection(string system) => Told["systems"]![system]!["connection"]!.ToString();

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
