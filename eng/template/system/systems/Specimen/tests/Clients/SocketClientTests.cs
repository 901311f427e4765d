using System.Net.Sockets;

namespace Microcosm.Specimen.Tests;

/// <summary>
/// The client that users have, over a real socket. The peer's own library takes this one's place, and its name that of the trait.
/// </summary>
[Trait("Client", "System.Net.Sockets.TcpClient")]
public sealed class SocketClientTests
{
    [Fact]
    public async Task A_value_that_was_acknowledged_is_there_after_a_crash()
    {
        await using var world = await World.StartAsync(w => w.AddSpecimen(), TestContext.Current.CancellationToken);
        await using (var client = await ConnectAsync(world))
            Assert.Equal("OK", await client.AskAsync("SET greeting hello"));
        await world.Node("specimen-1").KillAsync();
        await world.Node("specimen-1").RestartAsync();
        await using var again = await ConnectAsync(world);
        Assert.Equal("VALUE hello", await again.AskAsync("GET greeting"));
    }

    [Fact]
    public async Task A_fault_by_the_operations_name_drops_its_reply()
    {
        await using var world = await World.StartAsync(w => w.AddSpecimen(), TestContext.Current.CancellationToken);
        world.Faults.Add("specimen.SET nth=2 drop-reply");
        await using (var client = await ConnectAsync(world))
        {
            Assert.Equal("OK", await client.AskAsync("SET k one"));
            await client.SendAsync("SET k two\n");
            Assert.Null(await client.ReadAsync());
        }
        await using var again = await ConnectAsync(world);
        Assert.Equal("VALUE two", await again.AskAsync("GET k"));
    }

    private static async Task<LineConnection> ConnectAsync(World world)
    {
        var (host, port) = world.System("specimen").ConnectionString.Split(':') is [var h, var p] ? (h, int.Parse(p)) : default;
        var client = new TcpClient();
        await client.ConnectAsync(host, port, TestContext.Current.CancellationToken);
        return new LineConnection(client.GetStream());
    }
}
