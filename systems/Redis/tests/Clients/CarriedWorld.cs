using System.Net.Sockets;
using Microcosm.Runtime;
using StackExchange.Redis;

namespace Microcosm.Redis.Tests;

/// <summary>A world with one Redis on a carrier, and ways to it that are the same for all carriers.</summary>
internal sealed class CarriedWorld : IAsyncDisposable
{
    private readonly Carrier _carrier;

    private CarriedWorld(World world, Carrier carrier) => (World, _carrier) = (world, carrier);

    public World World { get; }

    public static Task<CarriedWorld> StartAsync(Carrier carrier, Action<RedisOptions>? configure = null)
    {
        var options = new RedisOptions();
        configure?.Invoke(options);
        return StartAsync(carrier, new RedisSystem(options));
    }

    public static async Task<CarriedWorld> StartAsync(Carrier carrier, SystemDefinition system)
    {
        var world = await World.StartAsync(w =>
        {
            w.Add(system);
            w.Options.PortableSockets = carrier == Carrier.Kestrel;
            w.Options.Ports = carrier == Carrier.Memory ? PortPolicy.None : PortPolicy.Ephemeral;
        });
        return new CarriedWorld(world, carrier);
    }

    /// <summary>A connection of plain bytes; in memory its name for links is "raw".</summary>
    public async Task<Stream> ConnectAsync()
    {
        if (_carrier == Carrier.Memory)
            return await World.ConnectAsync(World.Node("redis-1").Address, "raw");
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(World.Node("redis-1").Socket!);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A connection of plain bytes that has subscribed to a channel.</summary>
    public async Task<Stream> SubscribeAsync(string channel)
    {
        var stream = await ConnectAsync();
        await stream.SendAsync($"SUBSCRIBE {channel}\r\n");
        await stream.ReadAsync(":1\r\n");
        return stream;
    }

    /// <summary>StackExchange.Redis; in memory its name for links is "app".</summary>
    public async Task<ConnectionMultiplexer> MultiplexAsync(RedisProtocol protocol = RedisProtocol.Resp2, string options = "")
    {
        var configuration = options.Length > 0 ? ConfigurationOptions.Parse(options) : new ConfigurationOptions();
        configuration.Protocol = protocol;
        configuration.AllowAdmin = true;
        if (_carrier == Carrier.Memory)
        {
            configuration.Tunnel = new WorldTunnel(World);
            configuration.EndPoints.Add("redis-1", 6379);
        }
        else
        {
            configuration.EndPoints.Add(World.Node("redis-1").Socket!);
        }
        return await ConnectionMultiplexer.ConnectAsync(configuration);
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
