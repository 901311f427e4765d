using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Runtime.Tests;

/// <summary>Messages without connections, on loops.</summary>
public sealed class LoopDatagramTests : IDisposable
{
    private const int Loops = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("microcosm-").FullName;
    private readonly LoopGroup _group;
    private readonly List<Peer> _peers = [];

    public LoopDatagramTests()
    {
        if (!EventLoop.IsSupported)
            Assert.Skip("the event loop needs Linux");
        _group = new LoopGroup(Loops);
    }

    public void Dispose()
    {
        _group.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "127.0.0.2")]
    [InlineData("::", "::1")]
    public async Task Who_sends_is_answered_from_the_address_that_it_sent_to(string listens, string sentTo)
    {
        var at = (IPEndPoint)await ListenAsync(new IPEndPoint(IPAddress.Parse(listens), 0));
        using var client = Connect(new IPEndPoint(IPAddress.Parse(sentTo), at.Port));
        Assert.Equal("1 hello", await AskAsync(client, "hello"));
        Assert.Equal(new IPEndPoint(IPAddress.Parse(sentTo), at.Port), _peers[0].Link.Local);
        Assert.Equal(client.LocalEndPoint, _peers[0].Link.Remote);
    }

    [Fact]
    public async Task Each_sender_is_a_peer_and_stays_one()
    {
        var at = await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var first = Connect(at);
        using var second = Connect(at);
        Assert.Equal("1 a", await AskAsync(first, "a"));
        Assert.Equal("1 b", await AskAsync(second, "b"));
        Assert.Equal("2 c", await AskAsync(first, "c"));
        Assert.Equal("3 ", await AskAsync(first, ""));
        Assert.Equal(2, _peers.Count);
    }

    [Fact]
    public async Task A_peer_that_left_may_send_and_what_comes_is_another_s()
    {
        var at = await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = Connect(at);
        Assert.Equal("1 a", await AskAsync(client, "a"));
        await OnLoopAsync(_peers[0].Link.Leave);
        Assert.Equal("1 b", await AskAsync(client, "b"));
        await OnLoopAsync(() => Assert.Equal(0, _peers[0].Link.Send("late"u8)));
        Assert.Equal("late", await ReadAsync(client));
        // The one that left does not take the other with it.
        await OnLoopAsync(_peers[0].Link.Close);
        Assert.Equal("2 c", await AskAsync(client, "c"));
    }

    [Fact]
    public async Task A_closed_listener_takes_nobody_new_in_and_lasts_as_long_as_its_peers()
    {
        var listener = (await _group.ListenDatagramsAsync(
            new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions(), _ => new Factory(this)))[0];
        using var known = Connect(listener.Address);
        using var late = Connect(listener.Address);
        Assert.Equal("1 a", await AskAsync(known, "a"));
        await listener.CloseAsync();
        await late.SendAsync("b"u8.ToArray());
        Assert.Equal("2 c", await AskAsync(known, "c"));
        Assert.Single(_peers);
        await OnLoopAsync(_peers[0].Link.Close);
        Assert.Equal(-1, listener.Descriptor);
        await late.SendAsync("d"u8.ToArray());
        var error = await Assert.ThrowsAsync<SocketException>(() => ReadAsync(late));
        Assert.Equal(SocketError.ConnectionRefused, error.SocketErrorCode);
    }

    [Fact]
    public async Task Of_several_loops_one_hears_all_that_a_client_sends()
    {
        var at = await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions { ReusePort = true });
        using var client = Connect(at);
        for (var i = 1; i <= 20; i++)
            Assert.Equal($"{i} x", await AskAsync(client, "x"));
        Assert.Single(_peers);
    }

    [Fact]
    public async Task Sockets_of_paths_carry_messages_too()
    {
        var at = await ListenAsync(new UnixEndPoint(Path.Combine(_folder, "s")));
        using var client = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        client.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "c")));
        await client.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(_folder, "s")));
        Assert.Equal("1 hello", await AskAsync(client, "hello"));
        Assert.Equal(at, _peers[0].Link.Local);
    }

    [Fact]
    public async Task Nobody_there_is_told_and_so_is_what_has_no_way()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var at = (IPEndPoint)free.LocalEndPoint!;
        free.Dispose();
        var handler = new Handler();
        await OnLoopAsync(() => Open(at, handler)!.Send("x"u8));
        Assert.Equal(111, await handler.Error.Task.WaitAsync(Patience));
        await OnLoopAsync(() =>
        {
            Assert.Null(_group.ConnectorOf(_group.Executors[0])
                .OpenDatagrams(new IPEndPoint(IPAddress.Broadcast, 9), ConnectOptions.Default, handler, out var errno));
            Assert.Equal(13, errno);
        });
    }

    [Fact]
    public async Task While_input_is_paused_messages_wait()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var handler = new Handler();
        IDatagrams? datagrams = null;
        var from = "";
        await OnLoopAsync(() =>
        {
            datagrams = Open((IPEndPoint)server.LocalEndPoint!, handler)!;
            datagrams.PauseInput();
            from = datagrams.Local.ToString()!;
        });
        foreach (var text in (string[])["one", "two"])
            await server.SendToAsync(Encoding.ASCII.GetBytes(text), IPEndPoint.Parse(from));
        await OnLoopAsync(() => Assert.Empty(handler.Messages));
        await OnLoopAsync(() => datagrams!.ResumeInput());
        await handler.Second.Task.WaitAsync(Patience);
        Assert.Equal(["one", "two"], handler.Messages);
    }

    private IDatagrams? Open(IPEndPoint remote, Handler handler) =>
        _group.ConnectorOf(_group.Executors[0]).OpenDatagrams(remote, ConnectOptions.Default, handler, out _);

    private async Task<EndPoint> ListenAsync(EndPoint at, ListenOptions? options = null) =>
        (await _group.ListenDatagramsAsync(at, options ?? new ListenOptions(), _ => new Factory(this)))[0].Address;

    // Without sharing the first address is the first loop's.
    private Task OnLoopAsync(Action action) => _group.Executors[0].RunAsync(() =>
    {
        action();
        return ValueTask.CompletedTask;
    });

    private static Socket Connect(EndPoint at)
    {
        var socket = new Socket(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(at);
        return socket;
    }

    private static async Task<string> AskAsync(Socket client, string text)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes(text));
        return await ReadAsync(client);
    }

    private static async Task<string> ReadAsync(Socket client)
    {
        var buffer = new byte[2048];
        return Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(Patience));
    }

    private sealed class Factory(LoopDatagramTests tests) : IDatagramFactory
    {
        public IDatagramHandler? Accept(IDatagramPeer peer)
        {
            var known = new Peer(peer);
            lock (tests._peers)
                tests._peers.Add(known);
            return known;
        }
    }

    // Answers with the message's number among those of its sender.
    private sealed class Peer(IDatagramPeer link) : IDatagramHandler
    {
        private int _count;

        public IDatagramPeer Link => link;

        public void Received(ReadOnlySpan<byte> message) =>
            link.Send(Encoding.ASCII.GetBytes($"{++_count} {Encoding.ASCII.GetString(message)}"));
    }

    private sealed class Handler : IDatagramHandler
    {
        public List<string> Messages { get; } = [];

        public TaskCompletionSource Second { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<int> Error { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Received(ReadOnlySpan<byte> message)
        {
            Messages.Add(Encoding.ASCII.GetString(message));
            if (Messages.Count == 2)
                Second.SetResult();
        }

        public void Undelivered(int errno) => Error.TrySetResult(errno);
    }
}
