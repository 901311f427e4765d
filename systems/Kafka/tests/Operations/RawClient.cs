using System.Buffers.Binary;

namespace Microcosm.Kafka.Tests.Operations;

/// <summary>A client that sends frames and reads frames, and knows nothing else.</summary>
internal sealed class RawClient(Stream stream) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private int _correlation;

    public Stream Stream => stream;

    public static async Task<RawClient> ConnectAsync(World world, int broker = 1) =>
        new(await world.ConnectAsync(world.Node($"kafka-{broker}").Address, cancellation: TestContext.Current.CancellationToken));

    public Task<TResponse> CallAsync<TRequest, TResponse>(TRequest request, short version)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        CallAsync<TResponse>(TRequest.ApiKey, MessageCodec.Encode(request, version), version, MessageCodec.IsFlexible<TRequest>(version));

    public async Task<TResponse> CallAsync<TResponse>(short key, byte[] body, short version, bool isFlexible)
        where TResponse : class, IMessage<TResponse> =>
        Decode<TResponse>(await CallAsync(key, body, version, isFlexible), version);

    /// <summary>The response behind its length; throws <see cref="EndOfStreamException"/> where the broker closes.</summary>
    public async Task<byte[]> CallAsync(short key, byte[] body, short version, bool isFlexible)
    {
        await SendAsync(key, body, version, isFlexible);
        return await ReceiveAsync();
    }

    public async Task SendAsync(short key, byte[] body, short version, bool isFlexible)
    {
        var writer = new MessageWriter(isFlexible: false);
        new RequestHeader(key, version, ++_correlation, "raw").Write(writer, RequestHeader.Version(key, version, isFlexible));
        writer.WriteRaw(body);
        var frame = new byte[4 + writer.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, writer.Length);
        writer.ToArray().CopyTo(frame, 4);
        await stream.WriteAsync(frame, TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    public async Task<byte[]> ReceiveAsync()
    {
        var head = new byte[4];
        await ReadAsync(head);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(head)];
        await ReadAsync(frame);
        return frame;
    }

    public static T Decode<T>(byte[] frame, short version)
        where T : class, IMessage<T>
    {
        var isFlexible = MessageCodec.IsFlexible<T>(version);
        var reader = new MessageReader(frame, 0, isFlexible);
        ResponseHeader.Read(ref reader, ResponseHeader.Version(T.ApiKey, isFlexible));
        return MessageCodec.Decode<T>(frame.AsMemory(reader.Position), version);
    }

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    // What never comes fails the test that waits for it, and not the whole run.
    private Task ReadAsync(byte[] bytes) =>
        stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience);
}
