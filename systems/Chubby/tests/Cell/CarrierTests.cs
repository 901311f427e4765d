using System.Net;
using System.Text;
using Microcosm.Chubby.Client;
using Microcosm.Chubby.Tests;

namespace Microcosm.Chubby.Cell.Tests;

/// <summary>The client in a live world, over memory and over sockets.</summary>
public sealed class CarrierTests
{
    private const FileModes Make = FileModes.Read | FileModes.Write | FileModes.Create;

    [Theory]
    [InlineData(Carrier.Memory)]
    [InlineData(Carrier.Loop)]
    [InlineData(Carrier.Kestrel)]
    public async Task Two_clients_share_files_and_a_lock(Carrier carrier)
    {
        await using var world = await World.StartAsync(w =>
        {
            w.AddChubby(o => o.Replicas = 3);
            w.Options.PortableSockets = carrier == Carrier.Kestrel;
            w.Options.Ports = carrier == Carrier.Memory ? PortPolicy.None : PortPolicy.Ephemeral;
        });
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await using var one = await ChubbyClient.ConnectAsync(OptionsFor(world, carrier), patience.Token);
        await using var two = await ChubbyClient.ConnectAsync(OptionsFor(world, carrier), patience.Token);
        var mine = await one.OpenAsync("/f", Make, contents: "one"u8.ToArray(), cancellation: patience.Token);
        var theirs = await two.OpenAsync("/f", Make, cancellation: patience.Token);
        Assert.Equal("one", await ReadAsync(theirs));
        Assert.Equal("one", await ReadAsync(theirs));
        Assert.Equal(1, two.CacheHits);
        var old = await mine.AcquireAsync(LockMode.Exclusive, patience.Token);
        var wait = theirs.AcquireAsync(LockMode.Exclusive, patience.Token);
        await mine.SetContentsAsync("two"u8.ToArray(), cancellation: patience.Token);
        Assert.Equal("two", await ReadAsync(theirs));
        Assert.True(await two.CheckSequencerAsync(old, patience.Token));
        await mine.ReleaseAsync(patience.Token);
        var held = await wait;
        Assert.False(await one.CheckSequencerAsync(old, patience.Token));
        Assert.True(await one.CheckSequencerAsync(held, patience.Token));
    }

    private static async Task<string> ReadAsync(ChubbyHandle handle) =>
        Encoding.UTF8.GetString((await handle.GetContentsAndStatAsync()).Bytes.Span);

    private static ChubbyClientOptions OptionsFor(World world, Carrier carrier) => carrier == Carrier.Memory
        ? ChubbyClientOptions.InWorld(3, (node, cancellation) => world.ConnectAsync(node, "client", cancellation), TimeProvider.System)
        : ChubbyClientOptions.Sockets([.. world.Nodes.Select(SocketOf)], TimeProvider.System);

    // The node says where it serves: the world knows one port of each.
    private static IPEndPoint SocketOf(RunningNode node) => IPEndPoint.Parse(node.Log.Lines.Select(l => l.Message)
        .Last(m => m.StartsWith("serving Chubby's own protocol on ", StringComparison.Ordinal)).Split(' ')[^1]);
}
