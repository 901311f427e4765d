using Microcosm.Chubby.Etcd;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Our cluster, with spare nodes.</summary>
internal sealed class WorldEtcdCluster(World world) : IEtcdCluster
{
    public World World { get; } = world;

    public static async Task<WorldEtcdCluster> FoundAsync(int replicas, int spares, Action<EtcdOptions>? configure = null) =>
        new(await World.StartAsync(w => w.AddEtcd(o =>
        {
            (o.Replicas, o.Spares) = (replicas, spares);
            configure?.Invoke(o);
        })));

    public string Endpoint(int member) => World.Node($"etcd-{member}").Endpoint;

    public string PeerUrl(int member) => $"http://etcd-{member}:2380";

    public Task StartAsync(int member) => World.Node($"etcd-{member}").RestartAsync();

    public Task KillAsync(int member) => World.Node($"etcd-{member}").KillAsync();

    public Task EraseAsync(int member) => World.Node($"etcd-{member}").EraseAsync();

    public async Task EndedAsync(int member)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (World.Node($"etcd-{member}").State != NodeState.Stopped)
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
