using StackExchange.Redis;

namespace Microcosm.Redis.Tests;

/// <summary>The official .NET client, over real sockets and over the in-memory fabric.</summary>
public sealed class StackExchangeTests
{
    [Fact]
    public async Task It_sets_and_gets_over_a_socket()
    {
        await using var world = await World.StartAsync(w => w.AddRedis());
        await using var client = await ConnectionMultiplexer.ConnectAsync(world.System("redis").ConnectionString);
        await ExerciseAsync(client);
    }

    [Fact]
    public async Task It_sets_and_gets_over_Kestrel()
    {
        await using var world = await World.StartAsync(w =>
        {
            w.AddRedis();
            w.Options.PortableSockets = true;
        });
        await using var client = await ConnectionMultiplexer.ConnectAsync(world.System("redis").ConnectionString);
        await ExerciseAsync(client);
    }

    [Fact]
    public async Task It_sets_and_gets_in_memory()
    {
        await using var world = await World.StartAsync(w =>
        {
            w.AddRedis();
            w.Options.Ports = PortPolicy.None;
        });
        var options = new ConfigurationOptions { Tunnel = new WorldTunnel(world), Protocol = RedisProtocol.Resp3 };
        options.EndPoints.Add("redis-1", 6379);
        await using var client = await ConnectionMultiplexer.ConnectAsync(options);
        await ExerciseAsync(client);
    }

    private static async Task ExerciseAsync(ConnectionMultiplexer client)
    {
        var db = client.GetDatabase();
        await db.StringSetAsync("greeting", "hello", TimeSpan.FromMinutes(1));
        Assert.Equal("hello", await db.StringGetAsync("greeting"));
        Assert.Equal(1, await db.StringIncrementAsync("n"));
        var transaction = db.CreateTransaction();
        transaction.AddCondition(Condition.StringEqual("greeting", "hello"));
        var incremented = transaction.StringIncrementAsync("n");
        Assert.True(await transaction.ExecuteAsync());
        Assert.Equal(2, await incremented);
        var heard = new TaskCompletionSource<string>();
        await client.GetSubscriber().SubscribeAsync(RedisChannel.Literal("news"), (_, message) => heard.TrySetResult(message!));
        await client.GetSubscriber().PublishAsync(RedisChannel.Literal("news"), "extra");
        Assert.Equal("extra", await heard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
