using System.Net;
using System.Net.Sockets;

namespace Microcosm.Redis.Tests;

/// <summary>A real port that leads into a world without ports, so that programs of other languages cross its links, as "app".</summary>
internal sealed class TcpBridge : IAsyncDisposable
{
    private readonly World _world;
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;

    public TcpBridge(World world)
    {
        _world = world;
        Open();
    }

    /// <summary>The port; the same after <see cref="CloseAsync"/> and <see cref="Open"/>.</summary>
    public int Port { get; private set; }

    /// <summary>Accepts connections.</summary>
    public void Open()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen();
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        (_listener, _accepting) = (listener, AcceptAsync(listener));
    }

    /// <summary>Refuses connections, as the port of a program that is not running does; those there are stay.</summary>
    public async Task CloseAsync()
    {
        _listener?.Dispose();
        await _accepting;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                _ = CarryAsync(await listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    // When either side ends, so does the other.
    private async Task CarryAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var outside = new NetworkStream(socket, ownsSocket: true);
        try
        {
            await using var inside = await _world.ConnectAsync(_world.Node("redis-1").Address, "app");
            await Task.WhenAny(PumpAsync(outside, inside), PumpAsync(inside, outside));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Refused: the node is down. The program outside sees its connection end.
        }
    }

    private static async Task PumpAsync(Stream from, Stream to)
    {
        var buffer = new byte[65536];
        try
        {
            while (await from.ReadAsync(buffer) is > 0 and var n)
            {
                await to.WriteAsync(buffer.AsMemory(0, n));
                await to.FlushAsync();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Ended by a reset.
        }
    }
}
