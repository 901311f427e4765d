namespace Microcosm.SideBySide.Chubby;

/// <summary>Ours, as published: three nodes in one process.</summary>
internal sealed class OurCluster : Cluster
{
    private readonly HttpClient _control;
    private readonly string _system;

    public OurCluster((string Name, string Program) ours, string protocol)
        : base(ours.Name, protocol)
    {
        _system = protocol == "etcd" ? "etcd" : "chubby";
        var ready = Up([ours.Program], _system, "--data", Folder.FullName, "--set", $"{_system}.replicas={Members}");
        _control = new HttpClient { BaseAddress = ready.Control };
        EndPoints = ready.EndPoints(_system);
        AwaitLeader();
    }

    public override void Kill(int member) => Steer(member, "kill");

    public override void Restart(int member) => Steer(member, "restart");

    private void Steer(int member, string what)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"nodes/{_system}-{member + 1}/{what}");
        using var response = _control.Send(request);
        response.EnsureSuccessStatusCode();
    }
}
