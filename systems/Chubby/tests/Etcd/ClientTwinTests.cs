using dotnet_etcd;
using Grpc.Core;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>dotnet-etcd, unmodified: the same program sees the same of us and of etcd-server.</summary>
public sealed class ClientTwinTests
{
    public static TheoryData<string> Scenarios => [.. ClientScenarios.All.Keys];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task A_program_sees_what_it_sees_of_a_real_etcd(string scenario)
    {
        await using var real = await RealEtcdCluster.FoundAsync(1);
        await using var own = await WorldEtcdCluster.FoundAsync(1, spares: 0);
        var seen = await Task.WhenAll(RunAsync(own, scenario), RunAsync(real, scenario));
        Assert.Equal(seen[1], seen[0]);
        Assert.DoesNotContain("not refused", seen[0], StringComparison.Ordinal);
        Assert.All(own.World.Nodes, n => Assert.True(n is { Restarts: 0, Failure: null }, n.Failure));
    }

    private static async Task<string> RunAsync(IEtcdCluster cluster, string scenario)
    {
        using var client = new EtcdClient(
            "http://" + cluster.Endpoint(1), configureChannelOptions: o => o.Credentials = ChannelCredentials.Insecure);
        return await ClientScenarios.All[scenario](client);
    }
}
