using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Cli.Tests;

/// <summary>The least of a Redis client: a line in, the first line of the reply out, over a real socket.</summary>
internal sealed class RedisLine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client = new();
    private readonly StreamReader _reader;

    public RedisLine(IPEndPoint endpoint)
    {
        _client.Connect(endpoint);
        _reader = new StreamReader(_client.GetStream());
    }

    /// <summary>Asks on a connection of its own. Null when the server closed it.</summary>
    public static async Task<string?> AskAsync(IPEndPoint endpoint, string command)
    {
        using var line = new RedisLine(endpoint);
        return await line.AskAsync(command);
    }

    /// <summary>Sends, and completes with the first line of the reply; null when the server closed the connection.</summary>
    public async Task<string?> AskAsync(string command)
    {
        await SendAsync(command);
        return await ReadAsync();
    }

    // By the stream: a reset is an IOException, whether the send or the read finds it first.
    public async Task SendAsync(string command) => await _client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));

    public async Task<string?> ReadAsync() => await _reader.ReadLineAsync().WaitAsync(Patience);

    public void Dispose() => _client.Dispose();
}
