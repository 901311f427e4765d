using System.Net;
using System.Net.Sockets;

namespace Microcosm.Redis.Tests;

/// <summary>A real port that leads into a world without ports, so that programs of other languages cross its links, as "app".</summary>
internal sealed class TcpBridge : IAsyncDisposable
{
    private readonly World _world;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _accepting;

    public TcpBridge(World world)
    {
        _world = world;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = CarryAsync(await _listener.AcceptAsync());
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
