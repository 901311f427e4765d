using dotnet_etcd;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Microcosm.Chubby.Etcd;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>dotnet-etcd, unmodified.</summary>
public sealed class EtcdClientTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task What_is_put_at_one_member_is_read_at_all(int replicas)
    {
        await using var world = await StartAsync(replicas);
        using var writer = Client(world, replicas);
        await writer.PutAsync("a", "1");
        for (var member = 1; member <= replicas; member++)
        {
            using var reader = Client(world, member);
            Assert.Equal("1", await reader.GetValAsync("a"));
        }
        Assert.Equal(replicas, (await writer.MemberListAsync(new MemberListRequest())).Members.Count);
    }

    [Fact]
    public async Task A_watch_sees_puts_and_deletes()
    {
        await using var world = await StartAsync(1);
        using var client = Client(world, 1);
        await client.PutAsync("a", "0");
        var seen = new List<string>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = new CancellationTokenSource();
        var create = new WatchCreateRequest { Key = ByteString.CopyFromUtf8("a"), StartRevision = 2 };
        await client.WatchAsync(new WatchRequest { CreateRequest = create }, (WatchResponse response) =>
        {
            seen.AddRange(response.Events.Select(e => $"{e.Type} {e.Kv.Value.ToStringUtf8()}".Trim()));
            if (seen.Count == 3)
                done.TrySetResult();
        }, cancellationToken: end.Token);
        await client.PutAsync("a", "1");
        await client.DeleteAsync("a");
        await done.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(["Put 0", "Put 1", "Delete"], seen);
        await end.CancelAsync();
    }

    [Fact]
    public async Task A_lease_that_nobody_keeps_alive_takes_its_keys_along()
    {
        await using var world = await StartAsync(1);
        using var client = Client(world, 1);
        var lease = await client.LeaseGrantAsync(new LeaseGrantRequest { TTL = 600 });
        await client.PutAsync(new PutRequest { Key = ByteString.CopyFromUtf8("k"), Lease = lease.ID });
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var end = new CancellationTokenSource();
        var create = new WatchCreateRequest { Key = ByteString.CopyFromUtf8("k") };
        await client.WatchAsync(new WatchRequest { CreateRequest = create }, (WatchResponse response) =>
        {
            if (response.Events.Any(e => e.Type == Mvccpb.Event.Types.EventType.Delete))
                gone.TrySetResult();
        }, cancellationToken: end.Token);
        world.Clock.Advance(TimeSpan.FromSeconds(601));
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(-1, (await client.LeaseTimeToLiveAsync(new LeaseTimeToLiveRequest { ID = lease.ID })).TTL);
        await end.CancelAsync();
    }

    [Fact]
    public async Task A_lock_is_given_on_when_its_holder_lets_go()
    {
        await using var world = await StartAsync(1);
        using var first = Client(world, 1);
        using var second = Client(world, 1);
        var held = await first.LockAsync("name", await LeaseAsync(first));
        var waiting = second.LockAsync("name", await LeaseAsync(second));
        Assert.False(waiting.IsCompleted);
        await first.UnlockAsync(held.Key.ToStringUtf8());
        var next = await waiting.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.NotEqual(held.Key, next.Key);
        Assert.StartsWith("name/", next.Key.ToStringUtf8(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_election_has_one_leader_who_may_resign()
    {
        await using var world = await StartAsync(1);
        using var client = Client(world, 1);
        Assert.Contains("election: no leader", (await Assert.ThrowsAsync<RpcException>(() => client.LeaderAsync("e"))).Status.Detail);
        var first = await client.CampaignAsync("e", await LeaseAsync(client), "one");
        Assert.Equal("one", (await client.LeaderAsync("e")).Kv.Value.ToStringUtf8());
        var waiting = client.CampaignAsync("e", await LeaseAsync(client), "two");
        await client.ResignAsync(first.Leader);
        await waiting.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal("two", (await client.LeaderAsync("e")).Kv.Value.ToStringUtf8());
    }

    [Fact]
    public async Task Clients_that_go_in_the_middle_of_their_streams_harm_nobody()
    {
        await using var world = await StartAsync(1);
        for (var i = 0; i < 20; i++)
        {
            using var leaving = Client(world, 1);
            var lease = await LeaseAsync(leaving);
            using var end = new CancellationTokenSource();
            var alive = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var create = new WatchCreateRequest { Key = ByteString.CopyFromUtf8("a") };
            await leaving.WatchAsync(new WatchRequest { CreateRequest = create }, (WatchResponse _) => { }, cancellationToken: end.Token);
            _ = leaving.LeaseKeepAlive(new LeaseKeepAliveRequest { ID = lease }, _ => alive.TrySetResult(), end.Token);
            await alive.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await leaving.PutAsync("a", "1");
            await end.CancelAsync();
        }
        using var client = Client(world, 1);
        Assert.Equal(20, (await client.GetAsync("a")).Kvs.Single().Version);
        var node = world.Node("etcd-1");
        Assert.True(node is { Restarts: 0, Failure: null }, node.Failure);
    }

    [Fact]
    public async Task What_was_answered_survives_the_death_of_the_leader_and_of_all()
    {
        await using var world = await StartAsync(3);
        using (var client = Client(world, 2))
        {
            for (var i = 0; i < 20; i++)
                await client.PutAsync($"k{i:d2}", "v");
        }
        foreach (var node in world.Nodes)
            await node.KillAsync();
        foreach (var node in world.Nodes)
            await node.RestartAsync();
        using var reader = Client(world, 1);
        Assert.Equal(20, (await EventuallyAsync(() => reader.GetRangeAsync("k"))).Count);
        await world.Node("etcd-2").KillAsync();
        await EventuallyAsync(() => reader.PutAsync("after", "1"));
    }

    [Fact]
    [Trait("Limit", "max-request-bytes")]
    public async Task Requests_that_are_too_large_are_refused_in_etcds_words()
    {
        await using var world = await StartAsync(1);
        using var client = Client(world, 1);
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.PutAsync("a", new string('x', 1_700_000)));
        Assert.Equal((StatusCode.InvalidArgument, "etcdserver: request is too large"), (refused.StatusCode, refused.Status.Detail));
        refused = await Assert.ThrowsAsync<RpcException>(() => client.PutAsync("a", new string('x', 3_000_000)));
        Assert.Equal((StatusCode.ResourceExhausted, "grpc: received message larger than max (3000008 vs. 2097152)"),
            (refused.StatusCode, refused.Status.Detail));
        await client.PutAsync("a", new string('x', 1_500_000));
    }

    [Fact]
    public async Task A_store_that_is_full_raises_its_alarm()
    {
        await using var world = await StartAsync(1, o => o.QuotaBackendBytes = 100_000);
        using var client = Client(world, 1);
        await client.PutAsync("a", new string('x', 90_000));
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.PutAsync("b", new string('x', 20_000)));
        Assert.Equal("etcdserver: mvcc: database space exceeded", refused.Status.Detail);
        Assert.Contains("NOSPACE", Assert.Single((await client.StatusAsync(new StatusRequest())).Errors));
    }

    [Fact]
    public async Task A_fault_rule_breaks_one_operation_as_etcd_would_answer()
    {
        await using var world = await StartAsync(1);
        using var client = Client(world, 1);
        await client.PutAsync("a", "1");
        world.Faults.Add("etcd.Put nth=1 refuse=\"ResourceExhausted etcdserver: too many requests\"");
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.PutAsync("a", "2"));
        Assert.Equal((StatusCode.ResourceExhausted, "etcdserver: too many requests"), (refused.StatusCode, refused.Status.Detail));
        Assert.Equal("1", await client.GetValAsync("a"));
        await client.PutAsync("a", "3");
        world.Faults.Add("etcd.Txn target=a drop-reply");
        var txn = new TxnRequest
        {
            Compare = { new Compare { Key = ByteString.CopyFromUtf8("a"), Target = Compare.Types.CompareTarget.Version, Version = 2 } },
            Success =
            {
                new RequestOp
                {
                    RequestPut = new PutRequest { Key = ByteString.CopyFromUtf8("a"), Value = ByteString.CopyFromUtf8("4") },
                },
            },
        };
        await Assert.ThrowsAnyAsync<RpcException>(() => client.TransactionAsync(txn));
        Assert.Equal("4", await EventuallyAsync(() => client.GetValAsync("a")));
    }

    private static async Task<long> LeaseAsync(EtcdClient client) => (await client.LeaseGrantAsync(new LeaseGrantRequest { TTL = 60 })).ID;

    private static Task<World> StartAsync(int replicas, Action<EtcdOptions>? configure = null) => World.StartAsync(w => w.AddEtcd(o =>
    {
        o.Replicas = replicas;
        configure?.Invoke(o);
    }));

    private static EtcdClient Client(World world, int member) => new(
        "http://" + world.Node($"etcd-{member}").Endpoint, configureChannelOptions: o => o.Credentials = ChannelCredentials.Insecure);

    // While there is no leader, and while a connection that broke is made anew, calls fail as Unavailable.
    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> call)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
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
