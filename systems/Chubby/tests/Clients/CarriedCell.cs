using System.Net.Sockets;

namespace Microcosm.Chubby.Tests;

/// <summary>A world with one cell on a carrier, and ways to it that are the same for all carriers.</summary>
internal sealed class CarriedCell : IAsyncDisposable
{
    private readonly Carrier _carrier;

    private CarriedCell(World world, Carrier carrier) => (World, _carrier) = (world, carrier);

    public World World { get; }

    public static async Task<CarriedCell> StartAsync(Carrier carrier, Action<ChubbyOptions>? configure = null)
    {
        var world = await World.StartAsync(w =>
        {
            w.AddChubby(configure);
            w.Options.PortableSockets = carrier == Carrier.Kestrel;
            w.Options.Ports = carrier == Carrier.Memory ? PortPolicy.None : PortPolicy.Ephemeral;
        });
        return new CarriedCell(world, carrier);
    }

    /// <summary>A connection to a member without a session.</summary>
    public async Task<ZooKeeperClient> OpenAsync(int member = 1)
    {
        var node = World.Node($"chubby-{member}");
        if (_carrier == Carrier.Memory)
            return new ZooKeeperClient(await World.ConnectAsync(node.Address, "raw"));
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(node.Socket!);
        return new ZooKeeperClient(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>A connection with a session.</summary>
    public async Task<ZooKeeperClient> ConnectAsync(int member = 1)
    {
        var client = await OpenAsync(member);
        await client.ConnectAsync();
        return client;
    }

    /// <summary>What a four-letter word is answered with.</summary>
    public async Task<string> SayAsync(string word, int member = 1)
    {
        await using var client = await OpenAsync(member);
        await client.Stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(word));
        await client.Stream.FlushAsync();
        using var reader = new StreamReader(client.Stream);
        return await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
