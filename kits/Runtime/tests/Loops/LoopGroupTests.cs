using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Runtime.Tests;

/// <summary>Several loops behind one address.</summary>
public sealed class LoopGroupTests : IDisposable
{
    private const int Loops = 3;

    private readonly LoopGroup? _group;
    private readonly int[] _accepted = new int[Loops];

    public LoopGroupTests()
    {
        if (!EventLoop.IsSupported)
            Assert.Skip("the event loop needs Linux");
        _group = new LoopGroup(Loops);
    }

    public void Dispose() => _group?.Dispose();

    [Fact]
    public async Task Connections_to_one_free_port_are_spread_over_all_loops()
    {
        var listeners = await ListenAsync();
        Assert.Equal(Loops, listeners.Count);
        Assert.All(listeners, l => Assert.Equal(listeners[0].EndPoint, l.EndPoint));
        Assert.NotEqual(0, listeners[0].EndPoint.Port);
        for (var i = 0; i < 100; i++)
            await AskAsync(listeners[0].EndPoint);
        Assert.Equal(100, _accepted.Sum());
        Assert.All(_accepted, n => Assert.NotEqual(0, n));
    }

    [Fact]
    public async Task Listeners_close_one_by_one_and_the_others_serve_on()
    {
        var listeners = await ListenAsync();
        var at = listeners[0].EndPoint;
        var open = await ConnectAsync(at);
        await EchoAsync(open);
        for (var closed = 0; closed < Loops; closed++)
        {
            for (var i = 0; i < 20; i++)
                await AskAsync(at);
            await listeners[closed].CloseAsync();
            await EchoAsync(open);
        }
        await Assert.ThrowsAsync<SocketException>(() => AskAsync(at));
        Assert.Equal(1 + 20 * Loops, _accepted.Sum());
        open.Dispose();
    }

    [Fact]
    public async Task What_waits_at_a_listener_that_closes_is_served()
    {
        var listeners = await ListenAsync();
        // All loops stand, so that the connections stay in the kernel's queues.
        using var go = new ManualResetEventSlim();
        foreach (var executor in _group!.Executors)
            executor.Post(() => go.Wait());
        var clients = new List<Socket>();
        for (var i = 0; i < 30; i++)
            clients.Add(await ConnectAsync(listeners[0].EndPoint));
        var closing = listeners.Select(l => l.CloseAsync().AsTask()).ToArray();
        go.Set();
        await Task.WhenAll(closing);
        foreach (var client in clients)
        {
            await EchoAsync(client);
            client.Dispose();
        }
    }

    [Fact]
    public async Task What_comes_while_accepting_is_paused_is_served_when_it_goes_on()
    {
        var listeners = await _group!.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions(),
            _ => new CountingFactory(() => Interlocked.Increment(ref _accepted[0])));
        foreach (var listener in listeners)
            await listener.PauseAsync();
        using var waiting = await ConnectAsync((IPEndPoint)listeners[0].Address);
        await waiting.SendAsync("hello\n"u8.ToArray());
        Assert.Equal(0, _accepted[0]);
        foreach (var listener in listeners)
            await listener.ResumeAsync();
        await EchoAsync(waiting, isSent: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_inherits_sockets_serves_what_came_to_them(bool reusePort)
    {
        var options = new ListenOptions { ReusePort = reusePort };
        var before = await _group!.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), options, _ => new EchoFactory());
        var at = (IPEndPoint)before[0].Address;
        var descriptors = before.Select(l => l.Descriptor).Where(d => d >= 0).Select(d => Libc.Control(d, 1030, 0)).ToArray();
        Assert.Equal(reusePort ? Loops : 1, descriptors.Length);
        foreach (var listener in before)
            await listener.PauseAsync();
        var clients = new List<Socket>();
        for (var i = 0; i < 30; i++)
            clients.Add(await ConnectAsync(at));
        using var successor = new LoopGroup(Loops);
        var after = await successor.ListenAsync(at, options with { Descriptors = descriptors }, _ => new CountingFactory(() =>
            Interlocked.Increment(ref _accepted[0])));
        foreach (var client in clients)
        {
            await EchoAsync(client);
            client.Dispose();
        }
        Assert.Equal((30, at), (_accepted[0], (IPEndPoint)after[0].Address));
        foreach (var listener in after)
            await listener.CloseAsync();
    }

    [Fact]
    public async Task An_address_that_another_listens_on_is_in_use()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        await Assert.ThrowsAsync<Microsoft.AspNetCore.Connections.AddressInUseException>(async () =>
            await _group!.ListenAsync((IPEndPoint)other.LocalEndpoint, _ => new EchoFactory()));
    }

    private ValueTask<IReadOnlyList<ISocketListener>> ListenAsync()
    {
        var next = 0;
        return _group!.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), executor =>
        {
            var loop = next++;
            return new CountingFactory(() =>
            {
                Assert.True(executor.IsCurrent);
                _accepted[loop]++;
            });
        });
    }

    private static async Task AskAsync(IPEndPoint at)
    {
        using var socket = await ConnectAsync(at);
        await EchoAsync(socket);
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint at)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(at);
        return socket;
    }

    private static async Task EchoAsync(Socket socket, bool isSent = false)
    {
        if (!isSent)
            await socket.SendAsync("hello\n"u8.ToArray());
        var buffer = new byte[6];
        for (var at = 0; at < 6;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(at)).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.NotEqual(0, read);
            at += read;
        }
        Assert.Equal("hello\n", Encoding.ASCII.GetString(buffer));
    }

    private sealed class CountingFactory(Action accepted) : ISessionFactory
    {
        private readonly EchoFactory _echo = new();

        public Session? Accept(SessionTransport transport)
        {
            accepted();
            return _echo.Accept(transport);
        }
    }
}
