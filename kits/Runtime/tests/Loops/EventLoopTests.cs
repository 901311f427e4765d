using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Runtime.Tests;

/// <summary>The event loop against real sockets.</summary>
public sealed class EventLoopTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly EventLoop? _loop;

    public EventLoopTests()
    {
        if (!EventLoop.IsSupported)
            Assert.Skip("the event loop needs Linux");
        _loop = new EventLoop();
    }

    public void Dispose() => _loop?.Dispose();

    [Fact]
    public async Task A_message_that_comes_byte_by_byte_is_shown_whole()
    {
        var listener = await ListenAsync(new EchoFactory());
        using var client = await ConnectAsync(listener);
        foreach (var b in "hello\n"u8.ToArray())
        {
            client.NoDelay = true;
            await client.SendAsync(new[] { b });
        }
        Assert.Equal("hello\n", await ReadAsync(client, 6));
    }

    [Fact]
    public async Task A_message_larger_than_every_buffer_comes_back()
    {
        var listener = await ListenAsync(new EchoFactory());
        using var client = await ConnectAsync(listener);
        var text = new string('x', 3_000_000) + "\n";
        var sending = client.SendAsync(Encoding.ASCII.GetBytes(text));
        Assert.Equal(text, await ReadAsync(client, text.Length));
        await sending;
    }

    [Fact]
    public async Task A_peer_that_does_not_read_is_held_back_in_bounded_memory()
    {
        var factory = new EchoFactory();
        var listener = await ListenAsync(factory);
        using var client = await ConnectAsync(listener);
        var line = Encoding.ASCII.GetBytes(new string('x', 9_999) + "\n");
        var all = new byte[32_000_000];
        for (var i = 0; i < all.Length; i += line.Length)
            line.CopyTo(all.AsSpan(i));
        var sending = client.SendAsync(all);
        var received = 0;
        var buffer = new byte[1 << 20];
        // Nothing is read before the session has paused its input.
        while (received < all.Length)
            received += await client.ReceiveAsync(buffer).WaitAsync(Patience);
        await sending;
        Assert.Equal(all.Length, received);
        Assert.InRange(factory.PendingMax, 1, 8 * 1024 * 1024);
    }

    [Fact]
    public async Task Of_many_who_ask_in_one_turn_most_have_their_replies_before_it_ends()
    {
        const int Count = 40;
        var factory = new EchoFactory { Expected = Count };
        var executor = new NodeExecutor(_loop!, "node");
        var listener = await new LoopSocketHost().ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), executor, factory, null, default);
        var clients = new List<Socket>();
        for (var i = 0; i < Count; i++)
            clients.Add(await ConnectAsync(listener));
        await factory.AllOpen.WaitAsync(Patience);
        var (heard, answered) = (0, new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously));
        factory.Heard = () =>
        {
            if (++heard == 1)
                _loop!.AtTurnEnd(executor, TurnPhase.Commit, () => answered.TrySetResult(clients.Count(c => c.Available > 0)));
        };
        // The loop stands, so that all have asked when its next turn begins.
        using var go = new ManualResetEventSlim();
        var stands = new TaskCompletionSource();
        executor.Post(_ =>
        {
            stands.SetResult();
            go.Wait();
        }, null);
        await stands.Task.WaitAsync(Patience);
        foreach (var client in clients)
            await client.SendAsync("hello\n"u8.ToArray());
        go.Set();
        Assert.InRange(await answered.Task.WaitAsync(Patience), Count / 2, Count);
        foreach (var client in clients)
        {
            Assert.Equal("hello\n", await ReadAsync(client, 6));
            client.Dispose();
        }
    }

    [Fact]
    public async Task A_half_closed_peer_still_gets_its_reply()
    {
        var listener = await ListenAsync(new EchoFactory());
        using var client = await ConnectAsync(listener);
        await client.SendAsync("bye\n"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal("bye\n", await ReadAsync(client, 4));
        Assert.Equal(0, await client.ReceiveAsync(new byte[1]).WaitAsync(Patience));
    }

    [Fact]
    public async Task Ten_thousand_connections_are_served()
    {
        const int Count = 10_000;
        if (!File.Exists("/bin/bash"))
            Assert.Skip("the clients are a bash of their own, and there is none");
        OpenFiles.RaiseLimit();
        var factory = new EchoFactory { Expected = Count };
        var listener = await ListenAsync(factory);
        // The clients need descriptors too: a process of their own has its own limit.
        var script = $"ulimit -n 12000; for ((i = 0; i < {Count}; i++)); do exec {{fd}}<>/dev/tcp/127.0.0.1/{listener.EndPoint.Port} "
            + "|| exit 1; done; "
            + "echo hello >&$fd; read line <&$fd; echo $line; read wait";
        using var clients = Process.Start(new ProcessStartInfo("/bin/bash", ["-c", script]) { RedirectStandardInput = true,
            RedirectStandardOutput = true })!;
        Assert.Equal("hello", await clients.StandardOutput.ReadLineAsync().WaitAsync(Patience));
        await factory.AllOpen.WaitAsync(Patience);
        clients.StandardInput.Close();
        await factory.AllClosed.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_session_that_throws_ends_its_node_and_not_the_loop()
    {
        var failed = new TaskCompletionSource<Exception>();
        var listener = await ListenAsync(new EchoFactory(), e => failed.TrySetResult(e));
        var other = await ListenAsync(new EchoFactory());
        using var client = await ConnectAsync(listener);
        await client.SendAsync("!\n"u8.ToArray());
        Assert.IsType<InvariantException>(await failed.Task.WaitAsync(Patience));
        using var second = await ConnectAsync(other);
        await second.SendAsync("alive\n"u8.ToArray());
        Assert.Equal("alive\n", await ReadAsync(second, 6));
    }

    [Fact]
    public async Task A_killed_node_resets_its_connections()
    {
        var listener = await ListenAsync(new EchoFactory());
        using var client = await ConnectAsync(listener);
        await client.SendAsync("a\n"u8.ToArray());
        await ReadAsync(client, 2);
        listener.AbortConnections();
        await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(new byte[1]).WaitAsync(Patience));
    }

    [Fact]
    public async Task A_paused_node_answers_after_it_resumes()
    {
        var executor = new NodeExecutor(_loop!, "node");
        var listener = await new LoopSocketHost().ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), executor, new EchoFactory(), null,
            default);
        using var client = await ConnectAsync(listener);
        await client.SendAsync("one\n"u8.ToArray());
        await ReadAsync(client, 4);
        executor.Pause();
        await client.SendAsync("two\n"u8.ToArray());
        var reading = ReadAsync(client, 4);
        Assert.False(reading.IsCompleted);
        executor.Resume();
        Assert.Equal("two\n", await reading);
    }

    [Fact]
    public async Task Posts_from_many_threads_keep_each_threads_order()
    {
        var executor = new NodeExecutor(_loop!, "node");
        var seen = new List<(int Thread, int Number)>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(t => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                var number = i;
                executor.Post(() => seen.Add((t, number)));
            }
        })));
        await executor.RunAsync(() => ValueTask.CompletedTask);
        Assert.Equal(8000, seen.Count);
        Assert.All(seen.GroupBy(s => s.Thread), g => Assert.Equal(Enumerable.Range(0, 1000), g.Select(s => s.Number)));
    }

    [Fact]
    public async Task A_turn_ends_with_commits_and_then_sends()
    {
        var executor = new NodeExecutor(_loop!, "node");
        var order = new List<string>();
        await executor.RunAsync(() =>
        {
            executor.AtTurnEnd(TurnPhase.Send, () => order.Add("send"));
            executor.AtTurnEnd(TurnPhase.Commit, () => order.Add("commit"));
            order.Add("work");
            return ValueTask.CompletedTask;
        });
        await executor.RunAsync(() => ValueTask.CompletedTask);
        Assert.Equal(["work", "commit", "send"], order);
    }

    private async Task<ISocketListener> ListenAsync(EchoFactory factory, Action<Exception>? onFailure = null)
    {
        var executor = new NodeExecutor(_loop!, "node") { Unhandled = onFailure };
        return await new LoopSocketHost().ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), executor, factory, null, default);
    }

    private static async Task<Socket> ConnectAsync(ISocketListener listener)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(listener.EndPoint);
        return socket;
    }

    private static async Task<string> ReadAsync(Socket socket, int count)
    {
        var buffer = new byte[count];
        for (var at = 0; at < count;)
        {
            var n = await socket.ReceiveAsync(buffer.AsMemory(at)).AsTask().WaitAsync(Patience);
            Assert.NotEqual(0, n);
            at += n;
        }
        return Encoding.ASCII.GetString(buffer);
    }
}
