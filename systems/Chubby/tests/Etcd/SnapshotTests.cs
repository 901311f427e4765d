using System.Text.RegularExpressions;
using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Snapshots go from us to a real etcd and from a real etcd to us, by etcdctl.</summary>
public sealed partial class SnapshotTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("snapshot-").FullName;

    private string File => Path.Combine(_folder, "s.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_real_etcd_goes_on_with_what_etcdctl_saved_of_us()
    {
        RealEtcd.SkipIfMissing();
        await using var world = await StartAsync();
        var endpoint = world.System("etcd").Endpoints[0];
        await SnapshotScenario.FillAsync(endpoint);
        var line = new EtcdctlLine("", endpoint);
        Assert.EndsWith("ended with 0", await line.PrintAsync($"snapshot save {File}"), StringComparison.Ordinal);
        var status = await line.PrintAsync($"snapshot status {File} -w json");
        var asked = await line.PrintAsync("get none -w json");
        Assert.Equal(Revision().Match(asked).Value, Revision().Match(status).Value);
        await using var real = await RealEtcd.StartAsync(File);
        await SnapshotScenario.CompareAsync(endpoint, real.Endpoint);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task We_go_on_with_what_etcdctl_saved_of_a_real_etcd(int replicas)
    {
        await using var real = await RealEtcd.StartAsync();
        await SnapshotScenario.FillAsync(real.Endpoint);
        await new EtcdctlLine("", real.Endpoint).PrintAsync($"snapshot save {File}");
        await using var world = await StartAsync(o => (o.Replicas, o.SnapshotFile) = (replicas, File));
        await SnapshotScenario.CompareAsync(world.System("etcd").Endpoints[^1], real.Endpoint);
    }

    [Fact]
    public async Task What_came_out_of_a_snapshot_survives_restarts_without_the_file()
    {
        RealEtcd.SkipIfMissing();
        await using (var source = await StartAsync())
        {
            var line = new EtcdctlLine("", source.System("etcd").Endpoints[0]);
            await line.PrintAsync("put a 1");
            await line.PrintAsync($"snapshot save {File}");
        }
        await using var world = await StartAsync(o => o.SnapshotFile = File);
        var restored = new EtcdctlLine("", world.System("etcd").Endpoints[0]);
        await restored.PrintAsync("put b 2");
        System.IO.File.Delete(File);
        await world.Node("etcd-1").KillAsync();
        await world.Node("etcd-1").RestartAsync();
        Assert.Equal("a\n1\nb\n2\nended with 0", await restored.PrintAsync("get --prefix ''"));
    }

    [Fact]
    public async Task A_snapshot_that_is_none_ends_the_start()
    {
        await System.IO.File.WriteAllTextAsync(File, "nothing");
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(o => o.SnapshotFile = File));
        Assert.Contains("snapshot missing hash", failure.ToString(), StringComparison.Ordinal);
    }

    private static Task<World> StartAsync(Action<EtcdOptions>? configure = null) =>
        World.StartAsync(w => w.AddEtcd(o => configure?.Invoke(o)));

    [GeneratedRegex("\"revision\":\\d+")]
    private static partial Regex Revision();
}
