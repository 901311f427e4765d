using StackExchange.Redis;

namespace Microcosm.Redis.Tests;

/// <summary>StackExchange.Redis' methods of keys, transactions, channels and the server.</summary>
internal static class StackExchangeServer
{
    public static async Task KeysAsync(ConnectionMultiplexer client)
    {
        var db = client.GetDatabase();
        for (var i = 0; i < 500; i++)
            _ = db.StringSetAsync($"key:{i}", i);
        await db.StringSetAsync("other", "x");
        var seen = new HashSet<string>();
        await foreach (var key in client.GetServers()[0].KeysAsync(pattern: "key:*", pageSize: 20))
            seen.Add(key!);
        Assert.Equal(500, seen.Count);
        Assert.Equal(StackExchange.Redis.RedisType.String, await db.KeyTypeAsync("other"));
        Assert.True(await db.KeyExpireAsync("other", TimeSpan.FromMinutes(10)));
        Assert.False(await db.KeyExpireAsync("other", TimeSpan.FromMinutes(5), ExpireWhen.GreaterThanCurrentExpiry));
        Assert.InRange((await db.KeyTimeToLiveAsync("other"))!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.True(await db.KeyPersistAsync("other"));
        Assert.Null(await db.KeyTimeToLiveAsync("other"));
        Assert.True(await db.KeyRenameAsync("other", "renamed"));
        Assert.True(await db.KeyCopyAsync("renamed", "copy"));
        var dump = await db.KeyDumpAsync("copy");
        await db.KeyRestoreAsync("restored", dump!);
        Assert.Equal("x", await db.StringGetAsync("restored"));
        Assert.True(await db.KeyMoveAsync("copy", 1));
        Assert.True(await client.GetDatabase(1).KeyExistsAsync("copy"));
        Assert.Equal(2, await db.KeyDeleteAsync(["renamed", "restored", "missing"]));
        Assert.Equal(2, await db.KeyTouchAsync(["key:1", "key:2"]));
        Assert.Equal("int", await db.KeyEncodingAsync("key:1"));
    }

    public static async Task TransactionsAsync(IDatabase db)
    {
        await db.StringSetAsync("k", "1");
        var good = db.CreateTransaction();
        good.AddCondition(Condition.StringEqual("k", "1"));
        good.AddCondition(Condition.KeyNotExists("l"));
        var incremented = good.StringIncrementAsync("k");
        var pushed = good.ListRightPushAsync("l", "a");
        Assert.True(await good.ExecuteAsync());
        Assert.Equal((2, 1), (await incremented, await pushed));
        var bad = db.CreateTransaction();
        bad.AddCondition(Condition.ListLengthGreaterThan("l", 5));
        var never = bad.StringSetAsync("k", "x");
        Assert.False(await bad.ExecuteAsync());
        await Assert.ThrowsAsync<TaskCanceledException>(() => never);
        Assert.Equal(2, await db.StringGetAsync("k"));
    }

    public static async Task BatchesAsync(IDatabase db)
    {
        var batch = db.CreateBatch();
        var all = Enumerable.Range(1, 1000).Select(_ => batch.StringIncrementAsync("n")).ToArray();
        batch.Execute();
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => (long)i), await Task.WhenAll(all));
    }

    public static async Task PubSubAsync(ConnectionMultiplexer client)
    {
        var subscriber = client.GetSubscriber();
        var literal = await subscriber.SubscribeAsync(RedisChannel.Literal("news"));
        var pattern = await subscriber.SubscribeAsync(RedisChannel.Pattern("new?"));
        Assert.Equal(2, await client.GetDatabase().PublishAsync(RedisChannel.Literal("news"), "extra"));
        foreach (var queue in (ChannelMessageQueue[])[literal, pattern])
        {
            var message = await queue.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(("news", "extra"), ((string?)message.Channel, (string?)message.Message));
        }
        Assert.Equal(1, await client.GetServers()[0].SubscriptionSubscriberCountAsync(RedisChannel.Literal("news")));
        await subscriber.UnsubscribeAllAsync();
        Assert.Equal(0, await client.GetDatabase().PublishAsync(RedisChannel.Literal("news"), "late"));
    }

    public static async Task LocksAsync(IDatabase db)
    {
        Assert.True(await db.LockTakeAsync("lock", "me", TimeSpan.FromMinutes(1)));
        Assert.False(await db.LockTakeAsync("lock", "you", TimeSpan.FromMinutes(1)));
        Assert.Equal("me", await db.LockQueryAsync("lock"));
        Assert.True(await db.LockExtendAsync("lock", "me", TimeSpan.FromMinutes(2)));
        Assert.False(await db.LockReleaseAsync("lock", "you"));
        Assert.True(await db.LockReleaseAsync("lock", "me"));
        Assert.True(await db.LockTakeAsync("lock", "you", TimeSpan.FromMinutes(1)));
    }

    public static async Task SortAsync(IDatabase db)
    {
        await db.ListRightPushAsync("l", ["3", "1", "2"]);
        foreach (var (id, name) in ((string, string)[])[("1", "one"), ("2", "two"), ("3", "three")])
            await db.StringSetAsync($"name:{id}", name);
        Assert.Equal(["1", "2", "3"], await db.SortAsync("l"));
        Assert.Equal(["three", "two"], await db.SortAsync("l", 0, 2, Order.Descending, get: ["name:*"]));
        Assert.Equal(["1", "3", "2"], await db.SortAsync("l", sortType: SortType.Alphabetic, by: "name:*"));
        Assert.Equal(3, await db.SortAndStoreAsync("sorted", "l"));
    }

    public static async Task CommandsAsync(ConnectionMultiplexer client)
    {
        var (server, db) = (client.GetServers()[0], client.GetDatabase());
        await db.StringSetAsync("k", "v");
        Assert.Equal(new Version(7, 0, 15), server.Version);
        var info = await server.InfoAsync();
        Assert.Contains(info.SelectMany(g => g), p => p is { Key: "redis_version", Value: "7.0.15" });
        await server.ConfigSetAsync("maxmemory", "100mb");
        Assert.Equal("104857600", (await server.ConfigGetAsync("maxmemory")).Single().Value);
        Assert.Contains(await server.ClientListAsync(), c => c.Database == 0 && c.Id > 0);
        Assert.Equal(1, await server.DatabaseSizeAsync());
        Assert.InRange(await server.TimeAsync(), DateTime.UnixEpoch.AddYears(50), DateTime.MaxValue);
        Assert.Equal("hello", await server.EchoAsync("hello"));
        await server.SaveAsync(SaveType.BackgroundSave);
        Assert.InRange(await db.PingAsync(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        await server.FlushDatabaseAsync();
        Assert.Equal(0, await server.DatabaseSizeAsync());
    }
}
