using System.Diagnostics;

namespace Microcosm.Chubby.Tests;

/// <summary>Debian's kazoo, a client of another process, over real sockets.</summary>
[Trait("Client", "kazoo")]
public sealed class KazooTests
{
    private const string Python = "/usr/bin/python3";

    [Theory]
    [InlineData(1, Carrier.Loop)]
    [InlineData(3, Carrier.Loop)]
    [InlineData(1, Carrier.Kestrel)]
    public async Task Recipes_work(int replicas, Carrier carrier)
    {
        if (!await CanAsync())
            Assert.Skip("kazoo is missing (Debian package python3-kazoo)");
        await using var cell = await CarriedCell.StartAsync(carrier, o => o.Replicas = replicas);
        var (code, output) = await RunAsync(Path.Combine(AppContext.BaseDirectory, "Clients/kazoo/lock.py"),
            cell.World.System("chubby").ConnectionString);
        Assert.True(code == 0, output);
        Assert.Equal(
            """
            transaction ['/a', 'ZnodeStat', 'bool']
            data 2
            counter 5
            children ['a', 'counter', 'lock', 'zookeeper']
            watched True

            """, output, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public async Task Members_leave_and_come_back_while_clients_write()
    {
        if (!await CanAsync())
            Assert.Skip("kazoo is missing (Debian package python3-kazoo)");
        await using var cell = await CarriedCell.StartAsync(Carrier.Loop, o =>
            (o.Replicas, o.TickTime, o.SuperDigest) = (3, 2000, ZkCli.RealZooKeeper.SuperDigest));
        var (code, output) = await RunAsync(Path.Combine(AppContext.BaseDirectory, "Clients/kazoo/reconfig.py"),
            cell.World.System("chubby").ConnectionString);
        Assert.True(code == 0, output);
        Assert.Equal("members [1, 2, 3]\nlost 0\nsessions True\nwrites True\n", output, ignoreLineEndingDifferences: true);
        Assert.All(cell.World.Nodes, n => Assert.True(n is { Restarts: 0, Failure: null }, n.Failure));
    }

    private static async Task<bool> CanAsync() => File.Exists(Python) && (await RunAsync("-c", "import kazoo")).Code == 0;

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        return (process.ExitCode, await output + (process.ExitCode == 0 ? "" : await errors));
    }
}
