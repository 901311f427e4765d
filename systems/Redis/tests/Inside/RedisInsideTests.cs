using Microcosm.Runtime;
using Microcosm.Simulation;

namespace Microcosm.Redis.Tests.Inside;

/// <summary>The Inside page's view shows what a server holds.</summary>
public class RedisInsideTests
{
    [Fact]
    public void Shows_keys_by_encoding_clients_that_wait_and_the_log()
    {
        RedisInside? seen = null;
        var result = Simulator.Run(1, async world =>
        {
            RedisNode? node = null;
            var options = new RedisOptions { AppendOnly = true, AppendFsync = AppendFsync.Always };
            world.AddNode(new NodeDefinition("redis-1", 6379, context => node = new RedisNode(context, options, 6379)));
            var (first, second) = (world.AddClient("client-1"), world.AddClient("client-2"));
            await world.StartAsync();
            var server = new NodeEndPoint("redis-1", 6379);
            var waiting = world.RunAsync(second, async () =>
            {
                await using var client = new SimulatedClient(second, server);
                await client.AskAsync(1000, "BLPOP", "queue", "0.5");
            });
            await world.RunAsync(first, async () =>
            {
                await using var client = new SimulatedClient(first, server);
                await client.AskAsync(1000, "SET", "a", "1");
                await client.AskAsync(1000, "SET", "b", "some text", "EX", "100");
                await client.AskAsync(1000, "SADD", "set", "1", "2", "3");
                await client.AskAsync(1000, "SET", "c", "2");
                seen = node!.Inside();
            });
            await waiting;
        });
        Assert.Null(result.Failure);
        var db = Assert.Single(seen!.Databases);
        Assert.Equal((4, 1), (db.Keys, db.VolatileKeys));
        Assert.Equal(["string int 2", "set intset 1", "string embstr 1"], db.Encodings.Select(e => $"{e.Type} {e.Encoding} {e.Keys}"));
        Assert.Contains(seen.Clients, c => c.BlockedOn is ["queue"] && c.LastCommand == "blpop");
        Assert.Contains(seen.Clients, c => c.BlockedOn.Count == 0 && c.LastCommand == "set");
        Assert.True(seen.Log!.SyncedBytes > 0 && seen.Log.SyncedBytes == seen.Log.WrittenBytes);
    }
}
