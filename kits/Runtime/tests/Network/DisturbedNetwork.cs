using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Runtime.Tests;

/// <summary>
/// Two nodes that echo lines, on a clock that only the test moves, and clients that come as the carrier has it. Nothing disturbs
/// <c>calm-1</c> but rules for every system.
/// </summary>
internal sealed class DisturbedNetwork : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Carrier _carrier;
    private readonly EventLoop? _loop;
    private readonly ISocketHost? _host;
    private readonly Fabric _fabric;
    private readonly List<Stream> _streams = [];
    private readonly Dictionary<string, (NodeExecutor Executor, INodeListener Listener)> _nodes = [];
    private Stream? _calm;

    private DisturbedNetwork(Carrier carrier)
    {
        if (carrier == Carrier.Loop && !EventLoop.IsSupported)
            Assert.Skip("the event loop needs Linux");
        _carrier = carrier;
        _loop = carrier == Carrier.Loop ? new EventLoop() : null;
        _host = carrier switch { Carrier.Loop => new LoopSocketHost(), Carrier.Kestrel => new KestrelSocketHost(), _ => null };
        Faults = new FaultPlan(new Seed(1), Clock);
        _fabric = new Fabric(Clock, new Seed(1), new NodeExecutor(new SerialCarrier(), "wire"), _host)
        {
            Faults = Faults,
            SocketAddressOf = _ => carrier == Carrier.Memory ? null : new IPEndPoint(IPAddress.Loopback, 0),
        };
    }

    public WorldClock Clock { get; } = new(null, DateTimeOffset.UnixEpoch);

    public FaultPlan Faults { get; }

    public Links Links => _fabric.Links;

    /// <summary>The sessions of <c>echo-1</c>.</summary>
    public EchoFactory Echo { get; } = new();

    public TimeSpan Elapsed => Clock.GetUtcNow() - DateTimeOffset.UnixEpoch;

    public static async Task<DisturbedNetwork> StartAsync(Carrier carrier)
    {
        var network = new DisturbedNetwork(carrier);
        foreach (var name in (string[])["echo-1", "calm-1"])
        {
            var executor = new NodeExecutor((ICarrier?)network._loop ?? new SerialCarrier(), name);
            var attached = network._fabric.Attach(name, executor, name == "echo-1" ? "echo" : null);
            network._nodes[name] = (executor, await attached.ListenAsync(7, name == "echo-1" ? network.Echo : new EchoFactory(), default));
        }
        return network;
    }

    /// <summary>Connects to <c>echo-1</c>, as a client named <c>client</c>.</summary>
    public Task<Stream> ConnectAsync(CancellationToken cancellation = default) => ConnectAsync("echo-1", cancellation);

    /// <summary>Connections in memory that are open.</summary>
    public int CountOpen(string a, string b) => _fabric.Open.Between(a, b).Length;

    public int ResetConnections(string a, string b) => _fabric.ResetConnections(a, b);

    public void Pause(string node) => _nodes[node].Executor.Pause();

    public void Resume(string node) => _nodes[node].Executor.Resume();

    public void Kill(string node)
    {
        _nodes[node].Executor.Kill();
        _fabric.Detach(node);
    }

    /// <summary>Echoes with the undisturbed node, twice, so that what the other one may do by now is done.</summary>
    public async Task SettleAsync()
    {
        _calm ??= await ConnectAsync("calm-1", default);
        for (var i = 0; i < 2; i++)
            Assert.Equal("calm\n", await EchoAsync(_calm, "calm\n").WaitAsync(Patience));
    }

    /// <summary>Moves the clock as long as <paramref name="task"/> needs timers.</summary>
    public async Task<T> RunAsync<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            while (Clock.PendingTimers == 0 && !task.IsCompleted)
                await Task.Yield();
            if (!task.IsCompleted)
                Clock.Advance(TimeSpan.FromMilliseconds(10));
        }
        return await task;
    }

    /// <summary>Completes once somebody waits for the clock.</summary>
    public async Task TimerAsync()
    {
        while (Clock.PendingTimers == 0)
            await Task.Yield();
    }

    public static async Task<string> EchoAsync(Stream stream, string text)
    {
        await WriteAsync(stream, text);
        return await ReadAsync(stream, text.Length);
    }

    public static async Task WriteAsync(Stream stream, string text)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text));
        await stream.FlushAsync();
    }

    /// <summary>Reads so many characters, fewer where the stream ends.</summary>
    public static async Task<string> ReadAsync(Stream stream, int count)
    {
        var buffer = new byte[count];
        var read = await stream.ReadAtLeastAsync(buffer, count, throwOnEndOfStream: false).AsTask().WaitAsync(Patience);
        return Encoding.ASCII.GetString(buffer, 0, read);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams)
            await stream.DisposeAsync();
        foreach (var (_, listener) in _nodes.Values)
            await listener.CloseAsync();
        if (_host is not null)
            await _host.DisposeAsync();
        _loop?.Dispose();
    }

    private async Task<Stream> ConnectAsync(string node, CancellationToken cancellation)
    {
        Stream stream;
        if (_carrier == Carrier.Memory)
        {
            stream = await _fabric.ConnectStreamAsync("client", new NodeEndPoint(node, 7), cancellation);
        }
        else
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(_nodes[node].Listener.Socket!, cancellation);
            stream = new NetworkStream(socket, ownsSocket: true);
        }
        lock (_streams)
            _streams.Add(stream);
        return stream;
    }
}
