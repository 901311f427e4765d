using dotnet_etcd;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Members of a world come and go while dotnet-etcd works.</summary>
public sealed class MembershipTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_member_is_replaced_under_load_and_nothing_is_lost()
    {
        await using var cluster = await WorldEtcdCluster.FoundAsync(3, spares: 1, o => o.StrictReconfigCheck = false);
        using var client = Client(cluster, 1);
        using var end = new CancellationTokenSource();
        var lease = (await client.LeaseGrantAsync(new LeaseGrantRequest { TTL = 5 })).ID;
        await client.PutAsync(new PutRequest { Key = Bytes("leased"), Value = Bytes("kept"), Lease = lease });
        var beats = 0;
        _ = client.LeaseKeepAlive(new LeaseKeepAliveRequest { ID = lease }, _ => beats++, end.Token);
        var seen = new List<string>();
        var create = new WatchCreateRequest { Key = Bytes("k"), RangeEnd = Bytes("l"), StartRevision = 1 };
        await client.WatchAsync(new WatchRequest { CreateRequest = create }, (WatchResponse response) =>
        {
            lock (seen)
                seen.AddRange(response.Events.Select(e => e.Kv.Key.ToStringUtf8()));
        }, cancellationToken: end.Token);
        var puts = 0;
        var isOver = false;
        var writing = Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                await EventuallyAsync(() => client.PutAsync($"k{puts:d5}", "v"));
                puts++;
            }
        });

        var leaving = (await MembersAsync(client)).Single(m => m.PeerURLs.Contains(cluster.PeerUrl(2))).ID;
        await EventuallyAsync(() => client.MemberRemoveAsync(new MemberRemoveRequest { ID = leaving }));
        await cluster.EndedAsync(2);
        await EventuallyAsync(() => client.MemberAddAsync(new MemberAddRequest { PeerURLs = { cluster.PeerUrl(4) } }));
        await cluster.StartAsync(4);
        await StartedAsync(client, 4);

        Volatile.Write(ref isOver, true);
        await writing;
        using var reader = Client(cluster, 4);
        var keys = (await EventuallyAsync(() => reader.GetRangeAsync("k"))).Kvs.Select(kv => kv.Key.ToStringUtf8()).ToList();
        Assert.Equal(Enumerable.Range(0, puts).Select(i => $"k{i:d5}"), keys);
        Assert.Equal("kept", await reader.GetValAsync("leased"));
        Assert.True(beats > 0);
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            late.Token.ThrowIfCancellationRequested();
            await client.GetAsync("k");
            lock (seen)
            {
                if (seen.Distinct().Count() == puts)
                    break;
            }
        }
        // A put that was tried again has two revisions; no change comes twice, nor in another order.
        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        await end.CancelAsync();
    }

    [Fact]
    public async Task Numbers_and_members_survive_restarts_of_all_and_go_with_a_fork()
    {
        await using var cluster = await WorldEtcdCluster.FoundAsync(1, spares: 2);
        using var client = Client(cluster, 1);
        await client.MemberAddAsync(new MemberAddRequest { PeerURLs = { cluster.PeerUrl(2) }, IsLearner = true });
        await cluster.StartAsync(2);
        await StartedAsync(client, 2);
        var before = await MembersAsync(client);
        await cluster.KillAsync(1);
        await cluster.KillAsync(2);
        await cluster.StartAsync(1);
        await cluster.StartAsync(2);
        Assert.Equal(before.Select(m => (m.ID, m.Name, m.IsLearner)),
            (await EventuallyAsync(() => MembersAsync(client))).Select(m => (m.ID, m.Name, m.IsLearner)));
        await using var fork = await cluster.World.ForkAsync();
        Assert.Equal([NodeState.Running, NodeState.Running, NodeState.Stopped], fork.Nodes.Select(n => n.State));
        using var other = Client(new WorldEtcdCluster(fork), 2);
        Assert.True((await EventuallyAsync(() => other.StatusAsync(new StatusRequest()))).IsLearner);
    }

    [Fact]
    public async Task A_node_that_nobody_added_does_not_start()
    {
        await using var cluster = await WorldEtcdCluster.FoundAsync(1, spares: 1);
        Assert.Equal(cluster.Endpoint(1), Assert.Single(cluster.World.System("etcd").Endpoints));
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => cluster.StartAsync(2));
        Assert.Equal("error validating peerURLs [http://etcd-2:2380]: member count is unequal", failure.Message);
        await cluster.KillAsync(1);
        failure = await Assert.ThrowsAnyAsync<Exception>(() => cluster.StartAsync(2));
        Assert.EndsWith("could not retrieve cluster information from the given URLs", failure.Message);
        using var client = Client(cluster, 1);
        await cluster.StartAsync(1);
        await EventuallyAsync(() => client.MemberAddAsync(new MemberAddRequest { PeerURLs = { cluster.PeerUrl(2) } }));
        await cluster.StartAsync(2);
        await EventuallyAsync(() => client.PutAsync("a", "1"));
        Assert.Equal(2, cluster.World.System("etcd").Endpoints.Count);
    }

    [Fact]
    public async Task A_member_that_lost_its_disk_does_not_come_back_as_the_one_it_was()
    {
        await using var cluster = await WorldEtcdCluster.FoundAsync(3, spares: 0);
        using var client = Client(cluster, 1);
        await StartedAsync(client, 3);
        await cluster.EraseAsync(3);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => cluster.StartAsync(3));
        Assert.EndsWith("has already been bootstrapped", failure.Message);
    }

    [Fact]
    public async Task A_world_that_is_reset_has_its_founders_again()
    {
        await using var cluster = await WorldEtcdCluster.FoundAsync(1, spares: 1);
        using (var client = Client(cluster, 1))
        {
            await client.MemberAddAsync(new MemberAddRequest { PeerURLs = { cluster.PeerUrl(2) } });
            await cluster.StartAsync(2);
            await EventuallyAsync(() => client.PutAsync("a", "1"));
        }
        await cluster.World.ResetAsync();
        using var again = Client(cluster, 1);
        Assert.Empty((await EventuallyAsync(() => again.GetAsync("a"))).Kvs);
        Assert.Equal("etcd-1", Assert.Single(await MembersAsync(again)).Name);
    }

    [Fact]
    public async Task A_cluster_without_a_majority_gets_one_when_the_new_member_starts()
    {
        await using var cluster = await WorldEtcdCluster.FoundAsync(1, spares: 1);
        using var client = Client(cluster, 1);
        await client.MemberAddAsync(new MemberAddRequest { PeerURLs = { cluster.PeerUrl(2) } });
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => client.PutAsync("a", "1", deadline: DateTime.UtcNow.AddSeconds(3)));
        // When a deadline meets one of its retries, grpc-dotnet calls it cancelled.
        Assert.True(failure is RpcException or OperationCanceledException, failure.ToString());
        await cluster.StartAsync(2);
        await EventuallyAsync(() => client.PutAsync("a", "2"));
        using var other = Client(cluster, 2);
        Assert.Equal("2", await other.GetValAsync("a"));
    }

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);

    private static async Task<IReadOnlyList<Member>> MembersAsync(EtcdClient client) =>
        (await client.MemberListAsync(new MemberListRequest())).Members;

    private static async Task StartedAsync(EtcdClient client, int member)
    {
        using var late = new CancellationTokenSource(Patience);
        while ((await EventuallyAsync(() => MembersAsync(client))).All(m => m.Name != $"etcd-{member}"))
            late.Token.ThrowIfCancellationRequested();
    }

    private static EtcdClient Client(IEtcdCluster cluster, int member) => new(
        "http://" + cluster.Endpoint(member), configureChannelOptions: o => o.Credentials = ChannelCredentials.Insecure);

    // While leaders change and connections are made anew, calls fail as Unavailable.
    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> call)
    {
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                return await call();
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.Cancelled)
            {
                late.Token.ThrowIfCancellationRequested();
            }
        }
    }
}
