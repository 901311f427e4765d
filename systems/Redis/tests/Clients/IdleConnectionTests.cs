using System.Diagnostics;
using System.Globalization;

namespace Microcosm.Redis.Tests;

/// <summary>Ten thousand clients that say nothing. Alone, because it looks at the memory of the process.</summary>
[Collection(nameof(IdleConnectionTests))]
[CollectionDefinition(nameof(IdleConnectionTests), DisableParallelization = true)]
public sealed class IdleConnectionTests
{
    private const int Count = 10_000;

    // Generous: what it really is, a benchmark says. A buffer of the loop's size for each would be above it.
    private const long BytesMaxEach = 48 * 1024;

    // Opens $2 connections to port $1 that say nothing, says so, and keeps them until its input ends.
    private const string Opener = "for ((i = 0; i < $2; i++)); do exec {fd}<>/dev/tcp/127.0.0.1/$1 || exit 1; done; echo open; read -r";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(Carrier.Loop)]
    [InlineData(Carrier.Kestrel)]
    public async Task Ten_thousand_idle_sockets_cost_little_and_others_are_served(Carrier carrier)
    {
        Assert.SkipUnless(OpenFilesMax() > Count + 500, $"needs {Count + 500} open files, the limit is {OpenFilesMax()}");
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash, which opens the connections");
        await using var carried = await CarriedWorld.StartAsync(carrier, o => o.MaxClients = Count + 10);
        await using var client = await carried.ConnectAsync();
        var before = Memory();
        // Another process has the far ends: one process' file limit may not hold both.
        var port = carried.World.Node("redis-1").Socket!.Port;
        using var opener = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", Opener, "idle", $"{port}", $"{Count}"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.Equal("open", await opener.StandardOutput.ReadLineAsync().WaitAsync(Patience));
            await LookAsync(client, before);
        }
        finally
        {
            opener.Kill();
        }
        await CountAsync(client, 1);
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
        await CountAsync(client, 1);
    }

    private static async Task LookAsync(Stream client, long before)
    {
        await CountAsync(client, Count + 1);
        Assert.Equal("+PONG\r\n", await client.AskAsync("PING\r\n"));
        Assert.InRange((Memory() - before) / Count, long.MinValue, BytesMaxEach);
    }

    // Asks until the server has noticed who came or left.
    private static async Task CountAsync(Stream client, int wanted)
    {
        var info = "";
        for (var i = 0; i < 20_000 && !info.Contains($"connected_clients:{wanted}\r\n"); i++)
        {
            await client.SendAsync("INFO clients\r\n");
            info = (await client.ReadAsync("\r\n\r\n")).Text;
        }
        Assert.Contains($"connected_clients:{wanted}\r\n", info);
    }

    private static long Memory()
    {
        GC.Collect();
        return Environment.WorkingSet;
    }

    // The soft limit, which the runtime has raised to the hard one.
    private static long OpenFilesMax()
    {
        var line = File.ReadLines("/proc/self/limits").Single(l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var soft = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3];
        return soft == "unlimited" ? long.MaxValue : long.Parse(soft, CultureInfo.InvariantCulture);
    }
}
