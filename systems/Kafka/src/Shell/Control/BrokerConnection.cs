using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Microcosm.Runtime;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Kafka;

/// <summary>One connection to another broker, from its making to its end. Invariant: a broken one has no calls under way.</summary>
internal sealed class BrokerConnection(NodeContext context, NodeEndPoint remote, string clientId)
{
    private const int ResponseBytesMax = 512 << 20;

    private const int RentedBytesMin = 32 * 1024;

    private readonly Queue<Call> _calls = new();
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _sending = new();
    private ConnectionContext? _connection;
    private int _correlation;
    private bool _isPumping;

    public bool IsBroken { get; private set; }

    /// <summary>The reply's frame; fails with <see cref="IOException"/> when the connection breaks before.</summary>
    /// <param name="rented">Gets the array of a large frame, which is of the shared pool then; null where frames are the heap's.</param>
    public Task<ReadOnlyMemory<byte>> Send<T>(T request, short version, List<byte[]>? rented = null)
        where T : class, IMessage<T>
    {
        var header = new MessageWriter(isFlexible: false);
        var isFlexible = MessageCodec.IsFlexible<T>(version);
        new RequestHeader(T.ApiKey, version, ++_correlation, clientId).Write(header, RequestHeader.Version(T.ApiKey, version, isFlexible));
        var body = MessageCodec.Encode(request, version);
        BinaryPrimitives.WriteInt32BigEndian(_filling.GetSpan(4), header.Length + body.Length);
        _filling.Advance(4);
        header.CopyTo(_filling);
        _filling.Write(body);
        var done = new TaskCompletionSource<ReadOnlyMemory<byte>>();
        _calls.Enqueue(new Call(_correlation, done, rented));
        if (!_isPumping)
            Pump();
        return done.Task;
    }

    /// <summary>Ends it; calls under way fail.</summary>
    public void Break()
    {
        if (IsBroken)
            return;
        IsBroken = true;
        if (_connection is { } connection)
        {
            connection.Abort(new ConnectionAbortedException($"{context.Name} gives up its connection to {remote}"));
            _ = connection.DisposeAsync();
        }
        while (_calls.TryDequeue(out var call))
            call.Done.TrySetException(new IOException($"{remote} is not reachable"));
    }

    // async void: network errors are handled; anything else ends the node.
    private async void Pump()
    {
        _isPumping = true;
        try
        {
            _connection ??= await ConnectAsync();
            while (_filling.WrittenCount > 0 && !IsBroken)
            {
                (_filling, _sending) = (_sending, _filling);
                var result = await _connection.Transport.Output.WriteAsync(_sending.WrittenMemory);
                _sending.ResetWrittenCount();
                if (result.IsCompleted)
                    Break();
            }
        }
        catch (Exception e) when (IsConnectionError(e))
        {
            Break();
        }
        _isPumping = false;
    }

    private async ValueTask<ConnectionContext> ConnectAsync()
    {
        var connection = await context.Network.ConnectAsync(remote, CancellationToken.None);
        if (IsBroken)
        {
            await connection.DisposeAsync();
            throw new IOException("nobody waits for the connection any more");
        }
        Read(connection);
        return connection;
    }

    // async void: see Pump.
    private async void Read(ConnectionContext connection)
    {
        try
        {
            while (!IsBroken)
            {
                var read = await connection.Transport.Input.ReadAsync();
                await context.Executor.SwitchTo();
                var rest = read.Buffer;
                while (!IsBroken && TryTake(ref rest))
                {
                }
                if (IsBroken)
                    break;
                connection.Transport.Input.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted || read.IsCanceled)
                    break;
            }
        }
        catch (Exception e) when (IsConnectionError(e))
        {
            await context.Executor.SwitchTo();
        }
        Break();
    }

    private bool TryTake(ref ReadOnlySequence<byte> rest)
    {
        if (!LengthPrefixed.TryTake(ref rest, sizeof(int), ResponseBytesMax, out var frame))
            return false;
        var length = (int)frame.Length;
        var isOrphan = !_calls.TryDequeue(out var call);
        var array = call.Rented is null || length < RentedBytesMin ? new byte[length] : ArrayPool<byte>.Shared.Rent(length);
        frame.CopyTo(array);
        if (isOrphan || BinaryPrimitives.ReadInt32BigEndian(array) != call.Correlation)
            throw new IOException("a reply that nobody waits for");
        if (length >= RentedBytesMin)
            call.Rented?.Add(array);
        call.Done.SetResult(array.AsMemory(0, length));
        return true;
    }

    private static bool IsConnectionError(Exception e) => e is IOException or SocketException or OperationCanceledException
        or ObjectDisposedException or ConnectionAbortedException or InvalidOperationException;

    private readonly record struct Call(int Correlation, TaskCompletionSource<ReadOnlyMemory<byte>> Done, List<byte[]>? Rented);
}
