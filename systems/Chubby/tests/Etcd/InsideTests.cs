using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;
using Google.Protobuf;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>The Inside page shows what a member holds.</summary>
public sealed class InsideTests
{
    [Fact]
    public async Task A_member_shows_its_group_its_leases_and_their_keys()
    {
        await using var world = await World.StartAsync(w => w.AddEtcd());
        using var client = GrpcCall.Client(world.Node("etcd-1").Endpoint);
        await AskAsync(client, "Lease/LeaseGrant", new LeaseGrantRequest { ID = 0x1f, TTL = 60 });
        await AskAsync(client, "KV/Put", new PutRequest { Key = ByteString.CopyFromUtf8("a"), Lease = 0x1f });
        var inside = (EtcdInside)(await world.Node("etcd-1").InsideAsync())!;
        Assert.Equal((2, 1, true), (inside.Revision, inside.VersionCount, inside.Raft.HasQuorum));
        Assert.Single(inside.Raft.Voters);
        var lease = Assert.Single(inside.Leases);
        Assert.Equal(("1f", 60), (lease.Id, lease.TtlS));
        Assert.InRange(lease.LeftS, 0, 60);
        Assert.Equal(["a"], lease.Keys);
    }

    [Fact]
    public async Task A_node_that_is_down_shows_nothing()
    {
        await using var world = await World.StartAsync(w => w.AddEtcd());
        await world.Node("etcd-1").KillAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => world.Node("etcd-1").InsideAsync());
    }

    private static async Task AskAsync(HttpClient client, string path, IMessage request) =>
        Assert.Equal(0, (await GrpcCall.AskAsync(client, "/etcdserverpb." + path, GrpcCall.Frame(request.ToByteArray()))).Grpc);
}
