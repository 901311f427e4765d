using dotnet_etcd;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>A store with something of everything in it, and questions that show all of it.</summary>
internal static class SnapshotScenario
{
    private const int LargeKeys = 300;
    private const int SmallKeys = 5_000;
    private const int PutsATxn = 100;

    private static readonly string[] Filling =
    [
        "put a 1", "put b 2", "put a 3", "del b", "put k 4 --lease=7b", "compact 4", "del a",
        "user add root:pw", "user add reader:pw", "user add certified --no-password", "role add r",
        "role grant-permission r readwrite k z", "role grant-permission r read a", "user grant-role reader r", "user grant-role root root",
    ];

    private static readonly string[] Questions =
    [
        "get --prefix '' -w json", "get --prefix '' --rev=6 -w json", "get --rev=3 a", "get --prefix '' --keys-only --rev=7",
        "endpoint hashkv", "lease list", "lease timetolive 7b --keys",
        "user list", "user get root", "user get reader", "user get certified", "role list", "role get r", "alarm list",
        "put after 1 -w json", "auth enable", "get k", "--user=reader:pw get k", "--user=reader:pw put other 1",
        "--user=root:pw get --prefix l -w json", "--user=root:pw lease revoke 7b", "--user=root:pw get k",
        "--user=root:pw get l/000 -w json",
    ];

    public static async Task FillAsync(string endpoint)
    {
        using var client = new EtcdClient("http://" + endpoint, configureChannelOptions: o => o.Credentials = ChannelCredentials.Insecure);
        await client.LeaseGrantAsync(new LeaseGrantRequest { ID = 0x7b, TTL = 10_000 });
        await client.LeaseGrantAsync(new LeaseGrantRequest { ID = 5, TTL = 600 });
        var line = new EtcdctlLine("", endpoint);
        foreach (var command in Filling)
        {
            var printed = await line.PrintAsync(command);
            Assert.True(printed.EndsWith("ended with 0", StringComparison.Ordinal), $"{command}: {printed}");
        }
        // More than one page of branches, and values that take pages of their own.
        for (var i = 0; i < LargeKeys; i++)
            await client.PutAsync($"l/{i:d3}", new string((char)('a' + (i % 26)), 5_000));
        for (var i = 0; i < SmallKeys; i += PutsATxn)
        {
            var puts = Enumerable.Range(i, PutsATxn).Select(n => new RequestOp
            {
                RequestPut = new PutRequest { Key = ByteString.CopyFromUtf8($"s/{n:d5}"), Value = ByteString.CopyFromUtf8($"{n}") },
            });
            await client.TransactionAsync(new TxnRequest { Success = { puts } });
        }
    }

    /// <summary>Asks both; they must not differ.</summary>
    public static async Task CompareAsync(string oneEndpoint, string otherEndpoint)
    {
        var (one, other) = (new EtcdctlLine("", oneEndpoint), new EtcdctlLine("", otherEndpoint));
        foreach (var question in Questions)
            Assert.Equal((question, await other.RunAsync(question)), (question, await one.RunAsync(question)));
    }
}
