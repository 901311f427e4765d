using System.Buffers;
using System.Buffers.Binary;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Client;

/// <summary>One connection to a member: calls go out, replies come in any order. Once broken it stays so. Thread-safe.</summary>
internal sealed class MemberLink(ChubbyTransport transport)
{
    // Of a reply: the call's number, its error, its epoch.
    private const int HeadBytes = 20;
    private const int ReplyBytesMax = 64 << 20;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, (TaskCompletionSource<CallReply?> Done, Action<CallReply>? Seen)> _calls = [];
    // Where there is a context, as in a world, that one is to carry what continues; else no caller may hold up the reader.
    private readonly TaskCreationOptions _continuing =
        SynchronizationContext.Current is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _sending = new();
    private long _last;
    private bool _isPumping;

    public bool IsBroken { get; private set; }

    /// <summary>Reads replies until the connection ends.</summary>
    public async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var read = await transport.Pipe.Input.ReadAsync();
                var rest = read.Buffer;
                while (TryTake(ref rest))
                {
                }
                transport.Pipe.Input.AdvanceTo(rest.Start, read.Buffer.End);
                if (read.IsCompleted || read.IsCanceled)
                    break;
            }
        }
        catch (Exception e) when (IsConnectionError(e))
        {
        }
        Break();
    }

    /// <summary>The reply; null if the connection broke before. <paramref name="seen"/> runs first, in the order of replies.</summary>
    public Task<CallReply?> CallAsync(int operation, long session, long epoch, ReadOnlySpan<byte> fields, Action<CallReply>? seen = null)
    {
        var done = new TaskCompletionSource<CallReply?>(_continuing);
        lock (_gate)
        {
            if (IsBroken)
                return Task.FromResult<CallReply?>(null);
            _calls.Add(++_last, (done, seen));
            var head = _filling.GetSpan(32);
            BinaryPrimitives.WriteInt32BigEndian(head, 28 + fields.Length);
            BinaryPrimitives.WriteInt64BigEndian(head[4..], _last);
            BinaryPrimitives.WriteInt32BigEndian(head[12..], operation);
            BinaryPrimitives.WriteInt64BigEndian(head[16..], session);
            BinaryPrimitives.WriteInt64BigEndian(head[24..], epoch);
            _filling.Advance(32);
            _filling.Write(fields);
            if (_isPumping)
                return done.Task;
            _isPumping = true;
        }
        _ = PumpAsync();
        return done.Task;
    }

    /// <summary>Ends the connection: calls under way get null.</summary>
    public void Break()
    {
        List<TaskCompletionSource<CallReply?>> left;
        lock (_gate)
        {
            if (IsBroken)
                return;
            IsBroken = true;
            left = [.. _calls.Values.Select(c => c.Done)];
            _calls.Clear();
        }
        foreach (var done in left)
            done.SetResult(null);
        _ = CloseAsync();
    }

    public static bool IsConnectionError(Exception e) => e is IOException or System.Net.Sockets.SocketException
        or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    private async Task CloseAsync()
    {
        try
        {
            await transport.Close();
        }
        catch (Exception e) when (IsConnectionError(e))
        {
        }
    }

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    if (IsBroken || _filling.WrittenCount == 0)
                    {
                        _isPumping = false;
                        return;
                    }
                    (_filling, _sending) = (_sending, _filling);
                }
                var sent = await transport.Pipe.Output.WriteAsync(_sending.WrittenMemory);
                _sending.ResetWrittenCount();
                if (sent.IsCompleted)
                    break;
            }
        }
        catch (Exception e) when (IsConnectionError(e))
        {
        }
        Break();
    }

    private bool TryTake(ref ReadOnlySequence<byte> rest)
    {
        if (!LengthPrefixed.TryTake(ref rest, HeadBytes, ReplyBytesMax, out var taken))
            return false;
        var frame = taken.ToArray();
        var reader = new JuteReader(frame);
        var (id, error, epoch) = (reader.Long(), (ChubbyError)reader.Int(), reader.Long());
        TaskCompletionSource<CallReply?> done;
        Action<CallReply>? seen;
        lock (_gate)
        {
            if (!_calls.Remove(id, out var call))
                return true;
            (done, seen) = call;
        }
        var reply = new CallReply(error, epoch, frame[HeadBytes..]);
        seen?.Invoke(reply);
        done.SetResult(reply);
        return true;
    }
}
