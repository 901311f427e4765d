using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microcosm.SideBySide;

namespace Microcosm.Streaming;

/// <summary>Ours, as published: all brokers in one process, on disk.</summary>
internal sealed class OurTarget : Target
{
    private readonly string _program;
    private readonly int _nodes;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("streaming-");
    private Process _process;
    private string _brokers = "";

    public OurTarget(string folder, int nodes)
    {
        (_program, _nodes) = (Path.Combine(folder, "cosm"), nodes);
        Start();
    }

    public override string Name => _nodes == 1 ? "ours" : $"ours, {_nodes} replicas";

    public override string Brokers => _brokers;

    public override double? CpuSeconds => _process.Refreshed().TotalProcessorTime.TotalSeconds;

    /// <summary>Bytes.</summary>
    public long ResidentBytes => _process.Refreshed().WorkingSet64;

    /// <summary>Kills the process and starts it on the same disk.</summary>
    public void Restart()
    {
        End();
        Start();
    }

    public override void Dispose()
    {
        End();
        _folder.Delete(recursive: true);
    }

    [MemberNotNull(nameof(_process))]
    private void Start()
    {
        string[] arguments = ["up", "kafka", "--data", _folder.FullName, "--ports", "auto", "--control-port", "0", "--output", "json",
            "--set", $"kafka.nodes={_nodes}", "--set", $"kafka.default.replication.factor={_nodes}",
            "--set", $"kafka.num.partitions={Traffic.Partitions}"];
        _process = Process.Start(new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true })!;
        var ready = JsonDocument.Parse(_process.StandardOutput.ReadLine() ?? throw new IOException("cosm up did not start")).RootElement;
        _brokers = string.Join(',', ready.GetProperty("systems").GetProperty("kafka").GetProperty("endpoints").EnumerateArray()
            .Select(e => e.GetString()));
    }

    private void End()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
