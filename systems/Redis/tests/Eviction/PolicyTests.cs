namespace Microcosm.Redis.Tests.Eviction;

/// <summary>What each maxmemory-policy lets go and keeps (after unit/maxmemory.tcl).</summary>
public sealed class PolicyTests
{
    public static TheoryData<string> Policies =>
        ["allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"];

    public static TheoryData<string> VolatilePolicies => ["volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"];

    [Theory]
    [MemberData(nameof(Policies))]
    [Trait("Limit", "maxmemory")]
    public async Task The_limit_is_kept_whatever_comes(string policy)
    {
        await using var redis = await Conversation.BeginAsync(policy);
        for (var i = 0; i < 500; i++)
            await redis.AskAsync($"SETEX key:{i} 10000 x");
        await redis.LimitAsync();
        var limit = await redis.InfoAsync("maxmemory");
        for (var i = 0; i < 250; i++)
        {
            Assert.Equal("OK", await redis.AskAsync($"SETEX other:{i} 10000 x"));
            Assert.Equal("(integer) 3", await redis.AskAsync($"RPUSH list:{i} some more items"));
            await redis.AskAsync($"EXPIRE list:{i} 10000");
        }
        Assert.Equal("PONG", await redis.AskAsync("PING"));
        Assert.InRange(await redis.InfoAsync("used_memory"), limit - 4096, limit);
        Assert.InRange(await redis.InfoAsync("evicted_keys"), 250, 900);
    }

    [Theory]
    [MemberData(nameof(VolatilePolicies))]
    public async Task Volatile_policies_take_keys_that_expire_and_no_others(string policy)
    {
        await using var redis = await Conversation.BeginAsync(policy);
        for (var i = 0; i < 200; i++)
            await redis.AskAsync(i % 2 == 0 ? $"SET stays:{i / 2} x" : $"SETEX goes:{i / 2} 10000 x");
        await redis.LimitAsync();
        var refused = 0;
        for (var i = 0; refused == 0; i++)
        {
            var reply = await redis.AskAsync($"SET new:{i} x");
            refused += reply == "OK" ? 0 : 1;
            Assert.True(refused == 0 || reply == "(error) OOM command not allowed when used memory > 'maxmemory'.", reply);
        }
        Assert.Equal(100, await redis.CountAsync("stays", 0, 100));
        Assert.Equal(0, await redis.CountAsync("goes", 0, 100));
        Assert.Equal("(integer) 1", await redis.AskAsync("DEL stays:0 nothing"));
    }

    [Theory]
    [InlineData("allkeys-lru")]
    [InlineData("volatile-lru")]
    public async Task Lru_keeps_what_was_used_lately(string policy)
    {
        await using var redis = await Conversation.BeginAsync(policy);
        for (var i = 0; i < 1000; i++)
        {
            await redis.AskAsync($"SETEX key:{i} 1000000 x");
            redis.World.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        for (var i = 0; i < 500; i++)
            await redis.AskAsync($"GET key:{i}");
        redis.World.Clock.Advance(TimeSpan.FromSeconds(10));
        await redis.LimitAsync();
        for (var i = 0; i < 400; i++)
            await redis.AskAsync($"SETEX new:{i} 1000000 x");
        Assert.True(await redis.CountAsync("key", 500, 1000) < 200);
        Assert.True(await redis.CountAsync("key", 0, 500) > 450);
    }

    [Fact]
    public async Task Writing_over_a_string_is_a_use_too()
    {
        await using var redis = await Conversation.BeginAsync("allkeys-lru");
        await redis.AskAsync("SET k same");
        redis.World.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("(integer) 30", await redis.AskAsync("OBJECT IDLETIME k"));
        await redis.AskAsync("SET k size");
        Assert.Equal("(integer) 0", await redis.AskAsync("OBJECT IDLETIME k"));
    }

    [Fact]
    public async Task Lfu_keeps_what_is_used_often()
    {
        await using var redis = await Conversation.BeginAsync("allkeys-lfu", configure: o => o.Set("lfu-log-factor", "0"));
        for (var i = 0; i < 400; i++)
            await redis.AskAsync($"SET key:{i} x");
        for (var round = 0; round < 5; round++)
        {
            for (var i = 0; i < 100; i++)
                await redis.AskAsync($"GET key:{i}");
        }
        Assert.Equal("(integer) 10", await redis.AskAsync("OBJECT FREQ key:0"));
        await redis.LimitAsync();
        for (var i = 0; i < 200; i++)
            await redis.AskAsync($"SET new:{i} x");
        Assert.True(await redis.CountAsync("key", 0, 100) > 95);
    }

    [Fact]
    public async Task Volatile_ttl_takes_the_soonest_of_all_databases()
    {
        await using var redis = await Conversation.BeginAsync("volatile-ttl");
        for (var i = 0; i < 100; i++)
        {
            await redis.AskAsync($"SELECT {i % 2}");
            await redis.AskAsync($"SETEX key:{i:00} {(i * 37 % 100) + 1000} x");
        }
        await redis.AskAsync("SELECT 0");
        var one = long.Parse((await redis.AskAsync("MEMORY USAGE key:00"))["(integer) ".Length..]);
        await redis.LimitAsync(-40 * one);
        await redis.AskAsync("PING");
        Assert.Equal(40, await redis.InfoAsync("evicted_keys"));
        for (var i = 0; i < 100; i++)
        {
            await redis.AskAsync($"SELECT {i % 2}");
            Assert.Equal(i * 37 % 100 < 40 ? "(integer) 0" : "(integer) 1", await redis.AskAsync($"EXISTS key:{i:00}"));
        }
    }

    [Theory]
    [InlineData("allkeys-random")]
    [InlineData("allkeys-lru")]
    public async Task The_seed_decides_which_keys_go(string policy)
    {
        var first = await SurvivorsAsync(policy, 7);
        Assert.Equal(first, await SurvivorsAsync(policy, 7));
        Assert.NotEqual(first, await SurvivorsAsync(policy, 8));
    }

    [Fact]
    public async Task The_policy_may_change_while_the_server_runs()
    {
        await using var redis = await Conversation.BeginAsync("allkeys-lru");
        await redis.AskAsync("SETEX volatile 1000 x");
        await redis.AskAsync("SET stays x");
        await redis.LimitAsync(-1);
        await redis.AskAsync("CONFIG SET maxmemory 0 maxmemory-policy volatile-ttl");
        await redis.AskAsync("SETEX soon 10 x");
        await redis.AskAsync("SETEX late 1000 x");
        await redis.LimitAsync(-1);
        await redis.AskAsync("PING");
        Assert.Equal("(integer) 0", await redis.AskAsync("EXISTS soon"));
        Assert.Equal("(integer) 1", await redis.AskAsync("EXISTS late"));
    }

    private static async Task<string> SurvivorsAsync(string policy, ulong seed)
    {
        await using var redis = await Conversation.BeginAsync(policy, seed);
        for (var i = 0; i < 200; i++)
            await redis.AskAsync($"SET key:{i} x");
        await redis.LimitAsync(-5000);
        return string.Join('\n', (await redis.AskAsync("KEYS *")).Split('\n').Select(l => l[(l.IndexOf('"') + 1)..]).Order());
    }
}
