using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Runtime.Tests;

/// <summary>Connections that a loop opens, and the addresses that it listens on.</summary>
public sealed class LoopConnectorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("microcosm-").FullName;
    private readonly LoopGroup _group;
    private readonly LoopConnector _connector;

    public LoopConnectorTests()
    {
        if (!EventLoop.IsSupported)
            Assert.Skip("the event loop needs Linux");
        _group = new LoopGroup(2);
        _connector = _group.ConnectorOf(_group.Executors[0]);
    }

    public void Dispose()
    {
        _group.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("unix")]
    public async Task What_is_sent_comes_back(string address)
    {
        var at = await ListenAsync(address == "unix"
            ? new UnixEndPoint(Path.Combine(_folder, "s"))
            : new IPEndPoint(IPAddress.Parse(address), 0));
        var client = new Client("hello\n");
        await OnLoopAsync(() => _connector.Connect(at, ConnectOptions.Default, client));
        Assert.Equal("hello\n", await client.Answer.Task.WaitAsync(Patience));
        Assert.Equal(at, client.Remote);
    }

    [Fact]
    public async Task The_own_address_may_be_chosen()
    {
        var at = await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var client = new Client("hello\n");
        var options = new ConnectOptions { Local = new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0) };
        await OnLoopAsync(() => _connector.Connect(at, options, client));
        await client.Answer.Task.WaitAsync(Patience);
        Assert.Equal("127.0.0.2", ((IPEndPoint)client.Local!).Address.ToString());
    }

    [Fact]
    public async Task Where_nobody_listens_the_connection_is_refused()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var client = new Client("");
        await OnLoopAsync(() => _connector.Connect((IPEndPoint)free.LocalEndPoint!, ConnectOptions.Default, client));
        var error = await client.Error.Task.WaitAsync(Patience);
        Assert.Equal((111, SocketError.ConnectionRefused), (error.Errno, error.SocketErrorCode));
        Assert.Equal("Connection refused", error.Message);
    }

    [Fact]
    public async Task A_path_without_a_socket_is_an_error_of_its_own()
    {
        var client = new Client("");
        await OnLoopAsync(() => _connector.Connect(new UnixEndPoint(Path.Combine(_folder, "none")), ConnectOptions.Default, client));
        var error = await client.Error.Task.WaitAsync(Patience);
        Assert.Equal((2, "No such file or directory"), (error.Errno, error.Message));
    }

    [Fact]
    public async Task An_attempt_that_is_cancelled_tells_nobody()
    {
        var at = await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var (cancelled, other) = (new Client(""), new Client("hello\n"));
        await OnLoopAsync(() =>
        {
            _connector.Connect(at, ConnectOptions.Default, cancelled).Cancel();
            _connector.Connect(at, ConnectOptions.Default, other);
        });
        await other.Answer.Task.WaitAsync(Patience);
        await OnLoopAsync(() => Assert.Equal(1, _connector.Count));
        Assert.False(cancelled.Error.Task.IsCompleted);
        Assert.Null(cancelled.Remote);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_socket_or_one_a_loop_serves_every_connection(bool reusePort)
    {
        var at = await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions { ReusePort = reusePort });
        for (var i = 0; i < 50; i++)
        {
            var client = new Client($"hello {i}\n");
            await OnLoopAsync(() => _connector.Connect(at, ConnectOptions.Default, client));
            Assert.Equal($"hello {i}\n", await client.Answer.Task.WaitAsync(Patience));
        }
    }

    [Fact]
    public async Task An_end_that_comes_while_input_is_paused_waits_for_what_came_before()
    {
        var at = await ListenAsync(new IPEndPoint(IPAddress.Loopback, 0));
        var client = new Client(new string('x', 20_000) + "\n.\n") { Pauses = true };
        await OnLoopAsync(() => _connector.Connect(at, ConnectOptions.Default, client));
        await client.Left.Task.WaitAsync(Patience);
        await OnLoopAsync(client.GoOn);
        await client.Ended.Task.WaitAsync(Patience);
        Assert.Equal(20_003, client.Received);
    }

    [Fact]
    public async Task What_a_session_writes_as_it_is_told_of_its_drain_leaves_without_another_event()
    {
        var at = (await _group.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), new ListenOptions(), _ => new Pouring()))[0].Address;
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(at);
        var (buffer, received) = (new byte[65536], 0);
        while (await client.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(Patience) is > 0 and var read)
            received += read;
        Assert.Equal(Pouring.Bytes, received);
    }

    private async Task<EndPoint> ListenAsync(EndPoint at, ListenOptions? options = null) =>
        (await _group.ListenAsync(at, options ?? new ListenOptions(), _ => new EchoFactory()))[0].Address;

    private Task OnLoopAsync(Action action) => _group.Executors[0].RunAsync(() =>
    {
        action();
        return ValueTask.CompletedTask;
    });

    // Sends a text and takes what comes back, as far as a line.
    private sealed class Client(string text) : Session, IConnectHandler
    {
        private readonly StringBuilder _received = new();
        private SessionTransport? _transport;

        public TaskCompletionSource<string> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<ConnectFailedException> Error { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Pauses { get; init; }

        public EndPoint? Remote { get; private set; }

        public EndPoint? Local { get; private set; }

        public int Received { get; private set; }

        public Session Connected(SessionTransport transport)
        {
            (_transport, Remote, Local) = (transport, transport.Remote, transport.Local);
            transport.KeepsInputOfEnd = Pauses;
            if (Pauses)
                transport.PauseInput();
            transport.Output.Write(Encoding.ASCII.GetBytes(text));
            transport.ReleaseAll();
            return this;
        }

        public void Failed(ConnectFailedException error) => Error.SetResult(error);

        public void GoOn() => _transport!.ResumeInput();

        public override int Receive(ReadOnlySpan<byte> input)
        {
            Received += input.Length;
            _received.Append(Encoding.ASCII.GetString(input));
            if (input.Contains((byte)'\n'))
                Answer.TrySetResult(_received.ToString());
            return input.Length;
        }

        public override void PeerLeft() => Left.SetResult();

        public override void InputEnded(SessionTransport transport)
        {
            Ended.SetResult();
            transport.Close();
        }

        public override void Closed(Exception? error)
        {
        }
    }

    // Writes in portions, each as the one before has left.
    private sealed class Pouring : ISessionFactory
    {
        public const int Bytes = 50 * Portion;

        private const int Portion = 2_000;

        public Session Accept(SessionTransport transport) => new PouringSession(transport);

        private sealed class PouringSession : Session
        {
            private readonly SessionTransport _transport;
            private int _left = Bytes;

            public PouringSession(SessionTransport transport)
            {
                _transport = transport;
                transport.HighWater = 1_000;
                Drained();
            }

            public override void Drained()
            {
                _transport.Output.Write(new byte[Portion]);
                _transport.ReleaseAll();
                _left -= Portion;
                if (_left == 0)
                    _transport.Close();
            }

            public override int Receive(ReadOnlySpan<byte> input) => input.Length;

            public override void Closed(Exception? error)
            {
            }
        }
    }
}
