using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// Calls over a connection of the fabric, for simulations: HTTP/2 by Kestrel does not run on one thread. A frame is its length, the number
/// of its call, its kind and its payload. Only on the executor of the connection's end.
/// </summary>
internal sealed class CallFrames(IDuplexPipe pipe)
{
    private const int HeadBytes = 9;

    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _sending = new();
    private TaskCompletionSource _sent = new();
    private bool _isPumping;
    private bool _isBroken;

    /// <summary>Completes when the connection has taken it, or is broken.</summary>
    public Task SendAsync(int call, CallFrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (_isBroken)
            return Task.CompletedTask;
        var head = _filling.GetSpan(HeadBytes);
        BinaryPrimitives.WriteInt32BigEndian(head, HeadBytes + payload.Length);
        BinaryPrimitives.WriteInt32BigEndian(head[4..], call);
        head[8] = (byte)kind;
        _filling.Advance(HeadBytes);
        _filling.Write(payload);
        var sent = _sent.Task;
        if (!_isPumping)
            _ = PumpAsync();
        return sent;
    }

    /// <summary>Gives the frames that come in until the connection ends.</summary>
    public async Task ReadAsync(Action<int, CallFrameKind, byte[]> take)
    {
        try
        {
            while (true)
            {
                var read = await pipe.Input.ReadAsync();
                var rest = read.Buffer;
                while (TryTake(ref rest, out var frame))
                    take(BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4)), (CallFrameKind)frame[8], frame[HeadBytes..]);
                pipe.Input.AdvanceTo(rest.Start, read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled)
                    break;
            }
        }
        catch (Exception e) when (IsConnectionError(e))
        {
        }
        Break();
    }

    public static bool IsConnectionError(Exception e) =>
        e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private static bool TryTake(ref ReadOnlySequence<byte> rest, out byte[] frame)
    {
        frame = [];
        if (rest.Length < HeadBytes)
            return false;
        var length = BinaryPrimitives.ReadInt32BigEndian(rest.Slice(0, 4).ToArray());
        if (rest.Length < length)
            return false;
        frame = rest.Slice(0, length).ToArray();
        rest = rest.Slice(length);
        return true;
    }

    private async Task PumpAsync()
    {
        _isPumping = true;
        try
        {
            while (_filling.WrittenCount > 0)
            {
                (_filling, _sending) = (_sending, _filling);
                var sent = _sent;
                _sent = new TaskCompletionSource();
                var flushed = await pipe.Output.WriteAsync(_sending.WrittenMemory);
                _sending.ResetWrittenCount();
                sent.TrySetResult();
                if (flushed.IsCompleted)
                    break;
            }
        }
        catch (Exception e) when (IsConnectionError(e))
        {
            Break();
        }
        _isPumping = false;
    }

    private void Break()
    {
        _isBroken = true;
        _sent.TrySetResult();
    }
}
