namespace Microcosm.Redis.Tests;

/// <summary>What a client that does not read has piled up is given back when it is closed.</summary>
public sealed class MemoryReturnTests
{
    private const long PiledUpBytes = 10 * 1024 * 1024;

    [Theory, EveryCarrier]
    public async Task The_output_of_a_slow_reader_is_gone_with_its_connection(Carrier carrier)
    {
        var redis = new WatchedRedis(new RedisOptions());
        await using var carried = await CarriedWorld.StartAsync(carrier, redis);
        await using var watcher = await carried.ConnectAsync();
        Assert.Equal("+OK\r\n", await watcher.AskAsync($"SET k {new string('x', 60_000)}\r\n"));
        await using var slow = await carried.ConnectAsync();
        var id = (await slow.AskAsync("CLIENT ID\r\n"))[1..^2];
        // Both are quiet: the server stands still.
        var transport = redis.Node!.Server.Clients.Values.Single(c => $"{c.Id}" == id).Transport!;
        // 60 MB of replies: more than any socket or pipe takes.
        await slow.SendAsync(string.Concat(Enumerable.Repeat("GET k\r\n", 1000)));
        for (var i = 0; i < 20_000 && transport.PendingBytes < PiledUpBytes; i++)
            Assert.Equal("+PONG\r\n", await watcher.AskAsync("PING\r\n"));
        Assert.InRange(transport.PendingBytes, PiledUpBytes, long.MaxValue);
        Assert.Equal(":1\r\n", await watcher.AskAsync($"CLIENT KILL ID {id}\r\n"));
        Assert.Equal(1, await watcher.CountClientsAsync(1));
        Assert.Equal(0, transport.PendingBytes);
        Assert.True(transport.Output.Front(long.MaxValue).IsEmpty);
    }
}
