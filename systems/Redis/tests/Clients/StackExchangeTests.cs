using StackExchange.Redis;

namespace Microcosm.Redis.Tests;

/// <summary>The official .NET client on every carrier, with RESP2 and RESP3: its whole surface, area by area.</summary>
[Trait("Client", "StackExchange.Redis")]
public sealed class StackExchangeTests
{
    private static readonly (string Name, Func<ConnectionMultiplexer, Task> Run)[] Areas =
    [
        ("strings", c => StackExchangeValues.StringsAsync(c.GetDatabase())),
        ("hashes", c => StackExchangeValues.HashesAsync(c.GetDatabase())),
        ("lists", c => StackExchangeValues.ListsAsync(c.GetDatabase())),
        ("sets", c => StackExchangeValues.SetsAsync(c.GetDatabase())),
        ("sorted sets", c => StackExchangeValues.SortedSetsAsync(c.GetDatabase())),
        ("geo, HyperLogLog, bitmaps", c => StackExchangeValues.SpecialStructuresAsync(c.GetDatabase())),
        ("keys", StackExchangeServer.KeysAsync),
        ("transactions", c => StackExchangeServer.TransactionsAsync(c.GetDatabase())),
        ("batches", c => StackExchangeServer.BatchesAsync(c.GetDatabase())),
        ("pub/sub", StackExchangeServer.PubSubAsync),
        ("locks", c => StackExchangeServer.LocksAsync(c.GetDatabase())),
        ("sort", c => StackExchangeServer.SortAsync(c.GetDatabase())),
        ("server", StackExchangeServer.CommandsAsync),
    ];

    public static TheoryData<string, Carrier, RedisProtocol> Cases
    {
        get
        {
            var data = new TheoryData<string, Carrier, RedisProtocol>();
            foreach (var (name, _) in Areas)
            {
                foreach (var carrier in Enum.GetValues<Carrier>())
                {
                    data.Add(name, carrier, RedisProtocol.Resp2);
                    data.Add(name, carrier, RedisProtocol.Resp3);
                }
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task It_works_with_an_area(string area, Carrier carrier, RedisProtocol protocol)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier);
        await using var client = await carried.MultiplexAsync(protocol);
        Assert.Equal(protocol, client.GetServers()[0].Protocol);
        await Areas.Single(a => a.Name == area).Run(client);
    }

    [Theory, EveryCarrier]
    public async Task Keys_expire_when_the_worlds_clock_moves(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier);
        carried.World.Clock.Pause();
        await using var client = await carried.MultiplexAsync();
        var db = client.GetDatabase();
        await db.StringSetAsync("k", "v", TimeSpan.FromHours(2));
        Assert.Equal(TimeSpan.FromHours(2), await db.KeyTimeToLiveAsync("k"));
        carried.World.Clock.Advance(TimeSpan.FromHours(2) + TimeSpan.FromMilliseconds(1));
        Assert.False(await db.KeyExistsAsync("k"));
    }

    [Theory, EveryCarrier]
    public async Task It_comes_back_after_a_kill_and_a_restart(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier);
        await using var client = await carried.MultiplexAsync(options: "abortConnect=false,connectTimeout=1000,asyncTimeout=20000");
        var restored = new TaskCompletionSource();
        client.ConnectionRestored += (_, e) =>
        {
            if (e.ConnectionType == ConnectionType.Interactive)
                restored.TrySetResult();
        };
        var db = client.GetDatabase();
        Assert.True(await db.StringSetAsync("k", "v"));
        await carried.World.Node("redis-1").KillAsync();
        await carried.World.Node("redis-1").RestartAsync();
        await restored.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True((await db.StringGetAsync("k")).IsNull);
        Assert.True(await db.StringSetAsync("k", "again"));
    }

    [Fact]
    public async Task It_times_out_on_a_cut_link_and_goes_on_when_it_heals()
    {
        await using var carried = await CarriedWorld.StartAsync(Carrier.Memory);
        await using var client = await carried.MultiplexAsync(options: "asyncTimeout=500");
        var db = client.GetDatabase();
        Assert.True(await db.StringSetAsync("k", "v"));
        carried.World.Links.Cut("app", "redis-1");
        await Assert.ThrowsAsync<RedisTimeoutException>(() => db.StringGetAsync("k"));
        carried.World.Links.Heal("app", "redis-1");
        RedisValue value = default;
        for (var i = 0; i < 60 && value.IsNull; i++)
        {
            try
            {
                value = await db.StringGetAsync("k");
            }
            catch (Exception e) when (e is RedisTimeoutException or RedisConnectionException)
            {
                // The connection was given up; another takes its place.
            }
        }
        Assert.Equal("v", value);
    }

    [Fact]
    public async Task Scripts_and_streams_are_refused_loudly_they_belong_to_a_later_part()
    {
        await using var carried = await CarriedWorld.StartAsync(Carrier.Memory);
        await using var client = await carried.MultiplexAsync();
        var db = client.GetDatabase();
        var eval = await Assert.ThrowsAsync<RedisServerException>(() => db.ExecuteAsync("EVAL", "return 1", "0"));
        Assert.StartsWith("ERR unknown command 'EVAL'", eval.Message);
        var add = await Assert.ThrowsAsync<RedisServerException>(() => db.StreamAddAsync("s", "f", "v"));
        Assert.StartsWith("ERR unknown command 'XADD'", add.Message);
    }
}
