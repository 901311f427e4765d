using System.Net.Sockets;
using System.Text;

namespace Microcosm.SideBySide.Nginx;

/// <summary>A client that means no good: raw bytes, HTTP/2 frames, and errors that are no surprise.</summary>
internal sealed class Attacker : IDisposable
{
    private static readonly byte[] Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly int _port;

    private Attacker(int port) => _port = port;

    /// <summary>Connects; a small receive buffer, where the client is not going to read.</summary>
    public static async Task<Attacker> ConnectAsync(int port, int receiveBytes = 0)
    {
        var attacker = new Attacker(port);
        if (receiveBytes > 0)
            attacker._socket.ReceiveBufferSize = receiveBytes;
        await attacker._socket.ConnectAsync("127.0.0.1", port);
        return attacker;
    }

    /// <summary>As many of them as there are to be, one after the other.</summary>
    public static async Task<List<Attacker>> ConnectAsync(int port, int count, int receiveBytes, CancellationToken end)
    {
        var all = new List<Attacker>();
        while (all.Count < count && !end.IsCancellationRequested)
            all.Add(await ConnectAsync(port, receiveBytes));
        return all;
    }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken end)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, end)..];
    }

    public Task SendAsync(string text, CancellationToken end) => SendAsync(Encoding.Latin1.GetBytes(text), end);

    /// <summary>Begins HTTP/2, with this as the window of each stream.</summary>
    public Task SendPrefaceAsync(uint window, CancellationToken end) => SendAsync(
        (byte[])[.. Preface,
            .. Frame(4, 0, 0, [0, 4, (byte)(window >> 24), (byte)(window >> 16), (byte)(window >> 8), (byte)window])], end);

    /// <summary>Reads and forgets, until the server ends it.</summary>
    public async Task DrainAsync(CancellationToken end)
    {
        var buffer = new byte[65536];
        while (await _socket.ReceiveAsync(buffer, end) > 0)
        {
        }
    }

    /// <summary>Sends the same again and again while it reads what comes; connects anew where the server ends it.</summary>
    public static async Task RepeatAsync(int port, Func<int, byte[]> batch, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var attacker = await ConnectAsync(port);
                await attacker.SendPrefaceAsync(65535, end);
                var reading = attacker.DrainAsync(end);
                for (var i = 0; !reading.IsCompleted; i++)
                    await attacker.SendAsync(batch(i), end);
                await reading;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The server ended it, or the time is over.
            }
        }
    }

    public static byte[] Frame(int type, int flags, int stream, ReadOnlySpan<byte> content) =>
    [
        (byte)(content.Length >> 16), (byte)(content.Length >> 8), (byte)content.Length, (byte)type, (byte)flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. content,
    ];

    /// <summary>GET of a path, whole, its stream ended.</summary>
    public static byte[] Get(int stream, string path, int flags = 5) =>
        Frame(1, flags, stream, [0x82, 0x86, 0x41, 1, (byte)'h', 0x04, (byte)path.Length, .. Encoding.ASCII.GetBytes(path)]);

    public void Dispose() => _socket.Dispose();
}
