using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Kafka.Tests.External;

/// <summary>Something that listens and answers frames as a test says; the question whether it is Kafka it answers itself.</summary>
internal sealed class FakeBroker : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<byte[], byte[]?> _answer;
    private readonly ConcurrentBag<TcpClient> _clients = [];

    /// <param name="answer">Gives the response to a request, both behind their lengths; null for none.</param>
    public FakeBroker(Func<byte[], byte[]?> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => $"{_listener.LocalEndpoint}";

    /// <summary>Requests, in the order in which they came.</summary>
    public BlockingCollection<byte[]> Received { get; } = [];

    /// <summary>A response: the request's correlation id and what follows it.</summary>
    public static byte[] Answer(byte[] request, params byte[] rest) => [.. request[4..8], .. rest];

    /// <summary>A response of a known kind to a request.</summary>
    public static byte[] Answer<T>(byte[] request, T response, short version)
        where T : class, IMessage<T> =>
        ProxyCall.Frame(BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4)), response, version)[4..];

    public ValueTask DisposeAsync()
    {
        _listener.Stop();
        foreach (var client in _clients)
            client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        _clients.Add(client);
        var stream = client.GetStream();
        var head = new byte[4];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(head);
                var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(head)];
                await stream.ReadExactlyAsync(frame);
                var isPing = frame is [0, 18, 0, 0, 0, 0, 0, 1, 0xff, 0xff];
                if (!isPing)
                    Received.Add(frame);
                if ((isPing ? Answer(frame, 0, 0, 0, 0, 0, 0) : _answer(frame)) is not { } answer)
                    continue;
                BinaryPrimitives.WriteInt32BigEndian(head, answer.Length);
                await stream.WriteAsync((byte[])[.. head, .. answer]);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            client.Dispose();
        }
    }
}
