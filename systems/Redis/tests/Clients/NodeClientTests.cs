namespace Microcosm.Redis.Tests;

/// <summary>ioredis and node-redis, over sockets and, by a bridge, over the in-memory fabric.</summary>
public sealed class NodeClientTests
{
    public static TheoryData<string, Carrier> IoredisCases => Cases("values", "pipelines", "transactions", "blocking", "pubsub",
        "keyspaceEvents", "scanStreams", "expiry", "binary", "names", "restart", "lostReply");

    public static TheoryData<string, Carrier> NodeRedisCases => Cases("values", "transactions", "pubsub", "scans", "expiry", "restart");

    [Theory]
    [MemberData(nameof(IoredisCases))]
    public Task Ioredis_works(string name, Carrier carrier) => RunAsync("ioredis.mjs", name, carrier);

    [Theory]
    [MemberData(nameof(NodeRedisCases))]
    public Task Node_redis_works_with_RESP3(string name, Carrier carrier) => RunAsync("node-redis.mjs", name, carrier, "3");

    [Theory]
    [MemberData(nameof(NodeRedisCases))]
    public Task Node_redis_works_with_RESP2(string name, Carrier carrier) => RunAsync("node-redis.mjs", name, carrier, "2");

    [Fact]
    public Task Ioredis_times_out_on_a_cut_link_and_goes_on_when_it_heals() => RunAsync("ioredis.mjs", "cutLink", Carrier.Memory);

    [Theory, EveryCarrier]
    public Task Ioredis_gives_a_password(Carrier carrier) =>
        RunAsync("ioredis.mjs", "password", carrier, configure: o => o.RequirePass = "secret");

    private static async Task RunAsync(
        string script, string name, Carrier carrier, string protocol = "", Action<RedisOptions>? configure = null)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier, configure);
        var world = carried.World;
        await using var bridge = carrier == Carrier.Memory ? new TcpBridge(world) : null;
        world.Clock.Pause();
        var port = bridge?.Port ?? world.Node("redis-1").Socket!.Port;
        await NodeScripts.RunAsync([script, name, $"{port}", protocol], new()
        {
            ["advance"] = () => Now(() => world.Clock.Advance(TimeSpan.FromHours(2) + TimeSpan.FromSeconds(1))),
            ["kill"] = async () =>
            {
                await (bridge?.CloseAsync() ?? Task.CompletedTask);
                await world.Node("redis-1").KillAsync();
            },
            ["restart"] = async () =>
            {
                await world.Node("redis-1").RestartAsync();
                bridge?.Open();
            },
            ["drop-reply"] = () => Now(() => world.Faults.Add("redis.INCR target=orders limit=1 drop-reply")),
            ["cut"] = () => Now(() => world.Links.Cut("app", "redis-1")),
            ["heal"] = () => Now(() => world.Links.Heal("app", "redis-1")),
        });
        if (name == "lostReply")
            Assert.Single(world.Faults.Fired);
    }

    private static Task Now(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static TheoryData<string, Carrier> Cases(params string[] names)
    {
        var data = new TheoryData<string, Carrier>();
        foreach (var name in names)
        {
            foreach (var carrier in Enum.GetValues<Carrier>())
                data.Add(name, carrier);
        }
        return data;
    }
}
