namespace Microcosm.Redis.Tests;

/// <summary>Ten thousand clients that say nothing. Alone, because it looks at the memory of the process.</summary>
[Collection(nameof(IdleConnectionTests))]
[CollectionDefinition(nameof(IdleConnectionTests), DisableParallelization = true)]
public sealed class IdleConnectionTests
{
    private const int Count = 10_000;

    // Generous: what it really is, a benchmark says. A buffer of the loop's size for each would be above it.
    private const long BytesMaxEach = 48 * 1024;

    [Theory]
    [InlineData(Carrier.Loop)]
    [InlineData(Carrier.Kestrel)]
    public async Task Ten_thousand_idle_sockets_cost_little_and_others_are_served(Carrier carrier)
    {
        await using var carried = await CarriedWorld.StartAsync(carrier, o => o.MaxClients = Count + 10);
        await using var client = await carried.ConnectAsync();
        var before = Memory();
        // Another process opens them: one process' file limit may not hold both ends.
        await NodeScripts.RunAsync(["idle.mjs", $"{carried.World.Node("redis-1").Socket!.Port}", $"{Count}"],
            new() { ["look"] = () => LookAsync(client, before) });
    }

    [Fact]
    public async Task Ten_thousand_idle_connections_in_memory_cost_little_and_others_are_served()
    {
        await using var carried = await CarriedWorld.StartAsync(Carrier.Memory, o => o.MaxClients = Count + 10);
        await using var client = await carried.ConnectAsync();
        var before = Memory();
        var idle = new Stream[Count];
        for (var i = 0; i < Count; i++)
            idle[i] = await carried.ConnectAsync();
        await LookAsync(client, before);
        foreach (var stream in idle)
            await stream.DisposeAsync();
    }

    private static async Task LookAsync(Stream client, long before)
    {
        var info = "";
        for (var i = 0; i < 10_000 && !info.Contains($"connected_clients:{Count + 1}\r\n"); i++)
        {
            await client.SendAsync("INFO clients\r\n");
            info = (await client.ReadAsync("\r\n\r\n")).Text;
        }
        Assert.Contains($"connected_clients:{Count + 1}\r\n", info);
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING\r\n"));
        Assert.InRange((Memory() - before) / Count, long.MinValue, BytesMaxEach);
    }

    private static long Memory()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }
}
