using System.Globalization;
using StackExchange.Redis;

namespace Microcosm.Redis.Tests.Persistence;

/// <summary>RDB files go both ways between ours and the real server, every type in every encoding.</summary>
public class RdbTests
{
    private static readonly string Long = new('x', 300);

    [Fact]
    public async Task The_real_server_loads_a_file_of_ours()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm-").FullName;
        SortedDictionary<string, string> ours;
        await using (var world = await World.StartAsync(w =>
        {
            w.AddRedis();
            w.Options.DataFolder = folder;
        }))
        {
            ours = await FillAndDescribeAsync(world.System("redis").Endpoints[0], fill: true);
        }
        await using var real = await RealRedis.StartAsync(Path.Combine(folder, "redis-1"));
        Assert.Equal(ours, await FillAndDescribeAsync($"127.0.0.1:{real.Port}", fill: false));
    }

    [Fact]
    public async Task Ours_loads_a_file_of_the_real_server()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm-").FullName;
        var node = Directory.CreateDirectory(Path.Combine(folder, "redis-1")).FullName;
        SortedDictionary<string, string> theirs;
        await using (var real = await RealRedis.StartAsync(node))
            theirs = await FillAndDescribeAsync($"127.0.0.1:{real.Port}", fill: true);
        await using var world = await World.StartAsync(w =>
        {
            w.AddRedis();
            w.Options.DataFolder = folder;
        });
        Assert.Equal(theirs, await FillAndDescribeAsync(world.System("redis").Endpoints[0], fill: false));
    }

    [Fact]
    public async Task The_real_server_loads_an_append_only_file_that_ours_rewrote()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm-").FullName;
        SortedDictionary<string, string> ours;
        await using (var world = await World.StartAsync(w =>
        {
            w.AddRedis(o => o.AppendOnly = true);
            w.Options.DataFolder = folder;
        }))
        {
            var endpoint = world.System("redis").Endpoints[0];
            await FillAndDescribeAsync(endpoint, fill: true);
            await RewriteAsync(endpoint);
            ours = await FillAndDescribeAsync(endpoint, fill: false);
        }
        Assert.Contains(Directory.GetFiles(Path.Combine(folder, "redis-1", "appendonlydir")), f =>
            f.EndsWith(".base.rdb", StringComparison.Ordinal));
        await using var real = await RealRedis.StartAsync(Path.Combine(folder, "redis-1"), "--appendonly", "yes");
        Assert.Equal(ours, await FillAndDescribeAsync($"127.0.0.1:{real.Port}", fill: false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rewritten_log_brings_every_key_back(bool preamble)
    {
        await using var world = await World.StartAsync(w => w.AddRedis(o =>
        {
            o.AppendOnly = true;
            o.AofUseRdbPreamble = preamble;
        }));
        var endpoint = world.System("redis").Endpoints[0];
        var before = await FillAndDescribeAsync(endpoint, fill: true);
        await RewriteAsync(endpoint);
        await world.Node("redis-1").RestartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before, await FillAndDescribeAsync(endpoint, fill: false));
    }

    [Fact]
    public async Task A_damaged_file_is_refused_in_Redis_words()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm-").FullName;
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "redis-1")).FullName, "dump.rdb");
        await File.WriteAllBytesAsync(file, [.. "REDIS0010"u8, 0xfe, 0, 0xff, .. new byte[] { 1, 1, 1, 1, 1, 1, 1, 1 }],
            TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => World.StartAsync(w =>
        {
            w.AddRedis();
            w.Options.DataFolder = folder;
        }));
        Assert.Contains("Wrong RDB checksum", error.Message, StringComparison.Ordinal);
    }

    private static async Task RewriteAsync(string endpoint)
    {
        await using var redis = await ConnectAsync(endpoint);
        var server = redis.GetServer(endpoint);
        await server.ExecuteAsync("BGREWRITEAOF");
        while (await InfoAsync(server, "aof_rewrite_in_progress") != "0")
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        Assert.Equal("1", await InfoAsync(server, "aof_rewrites"));
    }

    private static async Task<string> InfoAsync(IServer server, string name) =>
        (await server.InfoAsync("persistence")).SelectMany(g => g).First(p => p.Key == name).Value;

    private static async Task<ConnectionMultiplexer> ConnectAsync(string endpoint) =>
        await ConnectionMultiplexer.ConnectAsync($"{endpoint},allowAdmin=true");

    // Every key with its encoding, whether it expires, and its contents as DUMP has them.
    private static async Task<SortedDictionary<string, string>> FillAndDescribeAsync(string endpoint, bool fill)
    {
        await using var redis = await ConnectAsync(endpoint);
        var db = redis.GetDatabase();
        if (fill)
            await FillAsync(db, redis.GetServer(endpoint));
        var seen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var key in redis.GetServer(endpoint).Keys(pageSize: 1000))
        {
            var encoding = (string?)await db.ExecuteAsync("OBJECT", "ENCODING", key);
            var expires = (await db.KeyTimeToLiveAsync(key)).HasValue;
            seen[key!] = $"{encoding} {expires} {await ContentsAsync(db, key)}";
        }
        return seen;
    }

    private static async Task<string> ContentsAsync(IDatabase db, RedisKey key) => await db.KeyTypeAsync(key) switch
    {
        StackExchange.Redis.RedisType.String => (await db.StringGetAsync(key)).ToString(),
        StackExchange.Redis.RedisType.List => string.Join(',', await db.ListRangeAsync(key)),
        StackExchange.Redis.RedisType.Set =>
            string.Join(',', (await db.SetMembersAsync(key)).Select(v => v.ToString()).Order(StringComparer.Ordinal)),
        StackExchange.Redis.RedisType.SortedSet =>
            string.Join(',', (await db.SortedSetRangeByRankWithScoresAsync(key)).Select(e => $"{e.Element}={e.Score}")),
        var type =>
            string.Join(',', (await db.HashGetAllAsync(key)).Select(e => $"{type}{e.Name}={e.Value}").Order(StringComparer.Ordinal)),
    };

    private static async Task FillAsync(IDatabase db, IServer server)
    {
        await server.ExecuteAsync("FLUSHALL");
        foreach (var (key, value) in new[] { ("int", "12345"), ("big", "12345678901234"), ("short", "text"), ("long", Long), ("neg", "-7"),
            ("leading", "007") })
            await db.StringSetAsync(key, value);
        await db.StringSetAsync("volatile", "v", TimeSpan.FromHours(1));
        foreach (var size in new[] { 3, 5_000 })
        {
            var values = Enumerable.Range(0, size)
                .Select(i => (RedisValue)(i % 3 == 0 ? i.ToString(CultureInfo.InvariantCulture) : $"element {i}")).ToArray();
            await db.ListRightPushAsync($"list{size}", values);
            await db.SetAddAsync($"set{size}", values);
            await db.SetAddAsync($"ints{size}", [.. Enumerable.Range(0, size).Select(i => (RedisValue)(i * 70_000))]);
            await db.HashSetAsync($"hash{size}", [.. values.Select(v => new HashEntry(v, v + "!"))]);
            await db.SortedSetAddAsync($"zset{size}", [.. values.Select((v, i) => new SortedSetEntry(v, i / 3.0))]);
        }
        await db.HashSetAsync("wide", [new HashEntry("f", Long)]);
        await db.SortedSetAddAsync("infinite",
            [new SortedSetEntry("a", double.PositiveInfinity), new SortedSetEntry("b", double.NegativeInfinity)]);
        await db.KeyExpireAsync("list3", TimeSpan.FromHours(1));
        await server.ExecuteAsync("SAVE");
    }
}
