using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microcosm.SideBySide;

namespace Microcosm.Coordination;

/// <summary>Ours, as published: three nodes in one process.</summary>
internal sealed class OurCluster : Cluster
{
    private readonly Process _process;
    private readonly HttpClient _control;
    private readonly string _system;

    public OurCluster(string folder, string protocol, string name)
        : base(name, protocol)
    {
        _system = protocol == "etcd" ? "etcd" : "chubby";
        string[] arguments = ["up", _system, "--data", Folder.FullName, "--ports", "auto", "--control-port", "0", "--output", "json",
            "--set", $"{_system}.replicas={Members}"];
        _process = Process.Start(new ProcessStartInfo(Path.Combine(folder, "cosm"), arguments) { RedirectStandardOutput = true })!;
        var ready = JsonDocument.Parse(_process.StandardOutput.ReadLine() ?? throw new IOException("cosm up did not start")).RootElement;
        _control = new HttpClient { BaseAddress = new Uri(ready.GetProperty("control").GetString()!) };
        EndPoints = [.. ready.GetProperty("systems").GetProperty(_system).GetProperty("endpoints").EnumerateArray()
            .Select(e => IPEndPoint.Parse(e.GetString()!))];
        AwaitLeader();
    }

    public override TimeSpan Cpu => _process.Refreshed().TotalProcessorTime;

    public override void Kill(int member) => Steer(member, "kill");

    public override void Restart(int member) => Steer(member, "restart");

    public override void Dispose()
    {
        if (!Folder.Exists)
            return;
        _process.Kill();
        _process.WaitForExit();
        Folder.Delete(recursive: true);
        Folder.Refresh();
    }

    private void Steer(int member, string what)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"nodes/{_system}-{member + 1}/{what}");
        using var response = _control.Send(request);
        response.EnsureSuccessStatusCode();
    }
}
