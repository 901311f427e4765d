using System.Text;
using Google.Protobuf;
using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;
using Microcosm.Testing;

namespace Microcosm.Chubby.Tests;

/// <summary>
/// Good calls of etcd's, broken by every kind of edit: each is answered or ends its connection; the member serves on. Alone, since the
/// memory that is held is that of the whole process.
/// </summary>
[CollectionDefinition(nameof(EtcdFuzz), DisableParallelization = true)]
[Collection(nameof(EtcdFuzz))]
public sealed class EtcdFuzz
{
    private const int Calls = 3_000;
    private const int Connections = 400;
    private const long HeldBytesMax = 64 << 20;

    private readonly RandomStream _random = new Seed(20261128).Stream("fuzz");

    private static readonly (string Path, IMessage Request)[] Good =
    [
        ("KV/Range", new RangeRequest { Key = Text("a"), RangeEnd = Text("z"), Limit = 3, SortOrder = (RangeRequest.Types.SortOrder)2 }),
        ("KV/Put", new PutRequest { Key = Text("a"), Value = Text("value"), PrevKv = true }),
        ("KV/DeleteRange", new DeleteRangeRequest { Key = Text("a"), RangeEnd = Text("b"), PrevKv = true }),
        ("KV/Txn", new TxnRequest
        {
            Compare = { new Compare { Key = Text("a"), Target = Compare.Types.CompareTarget.Version, Version = 1 } },
            Success = { new RequestOp { RequestPut = new PutRequest { Key = Text("b"), Value = Text("1") } } },
            Failure =
            {
                new RequestOp
                {
                    RequestTxn = new TxnRequest { Success = { new RequestOp { RequestRange = new RangeRequest { Key = Text("a") } } } },
                },
            },
        }),
        ("KV/Compact", new CompactionRequest { Revision = 2 }),
        ("Lease/LeaseGrant", new LeaseGrantRequest { TTL = 60, ID = 7 }),
        ("Lease/LeaseRevoke", new LeaseRevokeRequest { ID = 7 }),
        ("Lease/LeaseTimeToLive", new LeaseTimeToLiveRequest { ID = 7, Keys = true }),
        ("Maintenance/Status", new StatusRequest()),
        ("Maintenance/HashKV", new HashKVRequest { Revision = 2 }),
        ("Cluster/MemberList", new MemberListRequest { Linearizable = true }),
        ("Auth/UserAdd", new AuthUserAddRequest { Name = "u", Password = "p" }),
        ("Auth/RoleAdd", new AuthRoleAddRequest { Name = "r" }),
    ];

    [Fact]
    public async Task A_member_answers_every_broken_call()
    {
        await using var world = await World.StartAsync(w => w.AddEtcd());
        using var client = GrpcCall.Client(world.Node("etcd-1").Endpoint);
        var statuses = new SortedDictionary<int, int>();
        for (var i = 0; i < Calls; i++)
        {
            var (path, request) = Good[_random.Next(Good.Length)];
            var body = GrpcCall.Frame(BrokenInput.Of(request.ToByteArray(), _random));
            if (_random.Chance(0.1))
                body = BrokenInput.Of(body, _random);
            // A body shorter than it says is not answered but refused with the stream.
            var (http, grpc, _) = await GrpcCall.AskAsync(client, "/etcdserverpb." + path, body);
            Assert.True(grpc is not null || http == 0, $"{path} {Convert.ToHexString(body)}: HTTP {http} without a status");
            statuses[grpc ?? -1] = statuses.GetValueOrDefault(grpc ?? -1) + 1;
        }
        // Neither all good nor all hopeless.
        Assert.InRange(statuses[0], Calls / 10, Calls * 9 / 10);
        await ServesAsync(world);
    }

    [Fact]
    public async Task A_member_outlives_connections_of_broken_bytes()
    {
        await using var world = await World.StartAsync(w => w.AddEtcd());
        var before = GC.GetTotalMemory(forceFullCollection: true);
        byte[] good = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, 0, 0, 0, 4, 0, 0, 0, 0, 0, .. HeadersFrame()];
        for (var i = 0; i < Connections; i++)
        {
            await using var stream = await world.ConnectAsync(world.Node("etcd-1").Address, "fuzz");
            var bytes = BrokenInput.Of(good, _random);
            try
            {
                // In pieces too: the reader must not rely on how they come.
                var cut = _random.Next(bytes.Length + 1);
                await stream.WriteAsync(bytes.AsMemory(0, cut));
                await stream.FlushAsync();
                await stream.WriteAsync(bytes.AsMemory(cut));
                await stream.FlushAsync();
            }
            catch (IOException)
            {
                // It has been ended already.
            }
        }
        await ServesAsync(world);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, HeldBytesMax);
    }

    private static async Task ServesAsync(World world)
    {
        using var client = GrpcCall.Client(world.Node("etcd-1").Endpoint);
        var put = GrpcCall.Frame(new PutRequest { Key = Text("after"), Value = Text("1") }.ToByteArray());
        Assert.Equal((200, 0), await AskAsync(client, put));
        Assert.Equal(0, world.Node("etcd-1").Restarts);
    }

    private static async Task<(int, int?)> AskAsync(HttpClient client, byte[] put)
    {
        var (http, grpc, _) = await GrpcCall.AskAsync(client, "/etcdserverpb.KV/Put", put);
        return (http, grpc);
    }

    // Literal fields without indexing (RFC 7541 6.2.2), as a simple encoder writes them.
    private static byte[] HeadersFrame()
    {
        var block = new List<byte>();
        foreach (var (name, value) in new[]
        {
            (":method", "POST"), (":scheme", "http"), (":path", "/etcdserverpb.KV/Put"), (":authority", "127.0.0.1:2379"),
            ("content-type", "application/grpc"), ("te", "trailers"),
        })
            block.AddRange([0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)]);
        return [0, 0, (byte)block.Count, 1, 4, 0, 0, 0, 1, .. block];
    }

    private static ByteString Text(string text) => ByteString.CopyFromUtf8(text);
}
