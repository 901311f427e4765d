using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>A server that answers with these bytes, whatever they are, and closes unless it is to keep connections; null answers
/// nothing.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<string, string?> _answer;
    private readonly bool _keepsAlive;
    private readonly List<string> _requests = [];
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _served = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;

    public ScriptedServer(Func<string, string?> answer, bool keepsAlive = false)
    {
        (_answer, _keepsAlive) = (answer, keepsAlive);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Heads as they came, with what came behind them at once.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
                return [.. _requests];
        }
    }

    /// <summary>A request has come.</summary>
    public Task Asked => _asked.Task;

    /// <summary>An answer was taken whole by the kernel.</summary>
    public Task Served => _served.Task;

    /// <summary>A client has ended its connection.</summary>
    public Task Left => _left.Task;

    /// <summary>A port where nobody listens.</summary>
    public static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        Interlocked.Increment(ref _connections);
        using (client)
        {
            try
            {
                while (await ReadHeadAsync(client) is { } request)
                {
                    lock (_requests)
                        _requests.Add(request);
                    _asked.TrySetResult();
                    if (_answer(request) is not { } answer)
                        continue;
                    for (ReadOnlyMemory<byte> rest = Encoding.Latin1.GetBytes(answer); !rest.IsEmpty;)
                        rest = rest[await client.SendAsync(rest)..];
                    _served.TrySetResult();
                    if (!_keepsAlive)
                        return;
                }
                _left.TrySetResult();
            }
            catch (SocketException)
            {
                _left.TrySetResult();
            }
        }
    }

    private static async Task<string?> ReadHeadAsync(Socket client)
    {
        var buffer = new byte[16384];
        var text = "";
        while (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await client.ReceiveAsync(buffer);
            if (read == 0)
                return null;
            text += Encoding.Latin1.GetString(buffer, 0, read);
        }
        return text;
    }
}
