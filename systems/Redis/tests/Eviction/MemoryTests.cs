using System.Globalization;
using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Redis.Tests.Eviction;

/// <summary>used_memory is a running sum; whatever happens, it is the sum of what the keys hold.</summary>
public sealed class MemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Used_memory_is_the_sum_of_all_keys_after_any_commands(ulong seed)
    {
        var result = Simulator.Run(seed, async world =>
        {
            RedisNode? node = null;
            var options = new RedisOptions();
            foreach (var limit in (string[])["hash-max-listpack-entries", "set-max-intset-entries", "zset-max-listpack-entries",
                "list-max-listpack-size"])
                options.Set(limit, "8");
            world.AddNode(new NodeDefinition("redis-1", 6379, context => node = new RedisNode(context, options, 6379)));
            var context = world.AddClient("client-1");
            await world.StartAsync();
            await world.RunAsync(context, async () =>
            {
                await using var client = new SimulatedClient(context, new NodeEndPoint("redis-1", 6379));
                var random = new RandomStream(seed);
                var commands = new RandomCommands(random);
                for (var i = 0; i < 3000; i++)
                {
                    await client.AskAsync(1000, random.Next(3) == 0 ? OfKeys(random) : commands.Next());
                    // Sometimes the notes pile up first.
                    if (random.Next(50) == 0)
                        Check(node!.Server);
                }
                Check(node!.Server);
                Invariant.Check(node.Server.UsedMemory() > 0);
                await client.AskAsync(1000, "FLUSHALL");
                Invariant.Check(node.Server.UsedMemory() == 0);
            });
        });
        Assert.Null(result.Failure);
    }

    [Fact]
    public async Task More_collections_than_are_noted_are_all_counted()
    {
        await using var redis = await Conversation.BeginAsync();
        for (var i = 0; i < 1000; i++)
            await redis.AskAsync($"SADD set:{i} a b c");
        var one = long.Parse((await redis.AskAsync("MEMORY USAGE set:100"))["(integer) ".Length..], CultureInfo.InvariantCulture);
        Assert.InRange(await redis.InfoAsync("used_memory"), 998 * one, 1001 * one);
    }

    private static string[] OfKeys(RandomStream random)
    {
        var key = random.Pick(["h1", "l1", "s1", "z1", "a", "b", "c"]);
        var other = random.Pick(["h2", "l2", "s2", "z2", "a", "b", "c"]);
        return random.Next(14) switch
        {
            0 or 1 => ["SET", key, new string('v', random.Next(600))],
            2 => ["APPEND", key, new string('v', random.Next(300))],
            3 => ["SETRANGE", key, "200", "some text"],
            4 => ["RENAME", key, other],
            5 => ["COPY", key, other, "REPLACE"],
            6 => ["DEL", key],
            7 => ["PEXPIRE", key, "20"],
            8 => ["PERSIST", key],
            9 => ["MOVE", key, "1"],
            10 => ["SWAPDB", "0", "1"],
            11 => ["INCR", key],
            12 => random.Chance(0.05) ? ["FLUSHDB"] : ["GETDEL", key],
            _ => ["SET", key, new string('v', random.Next(600)), "PX", "30"],
        };
    }

    private static void Check(RedisServer server)
    {
        foreach (var db in server.Databases)
        {
            var sum = db.All().Sum(e => e.MemoryBytes);
            Invariant.Check(db.MemoryBytes == sum);
            Invariant.Check(db.All().Select(e => e.Object).OfType<ListObject>().All(list => list.MemoryBytes == Counted(list)));
        }
    }

    private static long Counted(ListObject list)
    {
        var bytes = 56L;
        for (var node = list.Items.Head; node is not null; node = node.Next)
            bytes += 32 + node.Bytes;
        return bytes;
    }
}
