#!/usr/bin/env dotnet
// What happens when the server dies between applying a write and answering it? dotnet run -c Release samples/faults.cs
#:project ../products/World/src/Microcosm.World.csproj
#:project ../systems/Redis/src/Microcosm.Redis.csproj
#:package StackExchange.Redis
#:property PublishAot=false

using Microcosm;
using Microcosm.Redis;
using StackExchange.Redis;

await using var world = await World.StartAsync(w => w.AddRedis());
await using var redis = await ConnectionMultiplexer.ConnectAsync(world.System("redis").ConnectionString);
var orders = redis.GetDatabase();

// The third INCRBY is applied, and its reply is lost.
world.Faults.Add("redis.INCRBY nth=3 drop-reply");
for (var i = 1; i <= 4; i++)
{
    try
    {
        Console.WriteLine($"order {i}: total {await orders.StringIncrementAsync("total", 10)}");
    }
    catch (RedisException)
    {
        Console.WriteLine($"order {i}: no answer");
    }
}
foreach (var fault in world.Faults.Fired)
    Console.WriteLine($"fired: {fault.Rule} on {fault.Node}");

// Two hours pass at once: what was to expire has expired.
await orders.StringSetAsync("cart", "3 items", TimeSpan.FromHours(1));
world.Clock.Advance(TimeSpan.FromHours(2));
Console.WriteLine($"cart after two hours: {(await orders.KeyExistsAsync("cart") ? "there" : "gone")}");
