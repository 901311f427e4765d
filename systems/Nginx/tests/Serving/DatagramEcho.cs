using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>A server over UDP that sends back what comes, and remembers from where.</summary>
internal sealed class DatagramEcho : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<EndPoint> _senders = [];
    private readonly SemaphoreSlim _heard = new(0);

    public DatagramEcho()
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _ = RunAsync();
    }

    public int Port { get; }

    /// <summary>Answers nothing of its own.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Of each message, in their order.</summary>
    public IReadOnlyList<EndPoint> Senders
    {
        get
        {
            lock (_senders)
                return [.. _senders];
        }
    }

    public async Task HeardAsync(int messages)
    {
        while (Senders.Count < messages)
            Assert.True(await _heard.WaitAsync(Patience), $"heard {Senders.Count}");
    }

    public Task SendAsync(string text, EndPoint to) => _socket.SendToAsync(Encoding.ASCII.GetBytes(text), to);

    /// <summary>What comes back for a message.</summary>
    public static async Task<string> AskAsync(Socket client, string text)
    {
        await client.SendAsync(Encoding.ASCII.GetBytes(text));
        return await ReadAsync(client);
    }

    /// <summary>The next message.</summary>
    public static async Task<string> ReadAsync(Socket client)
    {
        var buffer = new byte[65536];
        return Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer.AsMemory()).AsTask().WaitAsync(Patience));
    }

    public void Dispose() => _socket.Dispose();

    private async Task RunAsync()
    {
        var buffer = new byte[65536];
        try
        {
            while (true)
            {
                var message = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                lock (_senders)
                    _senders.Add(message.RemoteEndPoint);
                _heard.Release();
                if (!IsSilent)
                    await _socket.SendToAsync(buffer.AsMemory(0, message.ReceivedBytes), message.RemoteEndPoint);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
