using System.Buffers;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// The output of an HTTP/2 connection: heads at once, bodies as far as both windows go (RFC 9113 section 5.2), the streams that wait
/// by their priority, equal ones in turn, a frame each. Invariants: no window falls below 0 but by a setting; more than the transport's
/// high-water mark is not put into its output, so that no stream waits behind megabytes of another.
/// </summary>
internal sealed class Http2Sender(Http2Connection connection)
{
    private readonly List<Http2Exchange> _round = [];
    private ArrayBufferWriter<byte>? _block;
    private long _window = Http2Frame.WindowDefault;

    private OutputBuffer Output => connection.Transport.Output;

    /// <summary>Streams with something to send.</summary>
    public int WaitingCount => _round.Count;

    /// <summary>Writes a head; returns the bytes of its frames.</summary>
    /// <param name="length">A Content-Length to be added; -1 for none.</param>
    public long WriteHead(Http2Exchange exchange, int status, HeaderList headers, long length, bool endsStream)
    {
        var block = Begin();
        Span<byte> digits = stackalloc byte[20];
        status.TryFormat(digits, out var count);
        HpackEncoder.Encode(block, ":status"u8, digits[..count]);
        Http2Fields.Encode(block, headers);
        if (length >= 0)
        {
            length.TryFormat(digits, out count);
            HpackEncoder.Encode(block, "content-length"u8, digits[..count]);
        }
        return WriteBlock(exchange, block, endsStream);
    }

    /// <summary>Sends what the exchange has pending as far as it may go, after those that wait longer.</summary>
    public void Send(Http2Exchange exchange)
    {
        if (!exchange.IsQueued && !exchange.IsOutputOver)
        {
            exchange.IsQueued = true;
            _round.Add(exchange);
        }
        Pump();
    }

    /// <summary>Sends on.</summary>
    public void Pump()
    {
        while (connection.Transport.PendingBytes <= connection.Transport.HighWater && !connection.Transport.IsClosed)
        {
            if (Next() is not { } exchange)
                break;
            _round.Remove(exchange);
            SendFrame(exchange);
            if (!exchange.IsOutputOver && (exchange.Pending.Length > 0 || exchange.EndsAfterPending))
                _round.Add(exchange);
            else
                exchange.IsQueued = false;
            if (exchange.IsOutputOver)
                connection.OutputEnded(exchange);
            else
                exchange.SentMore();
        }
        connection.Release();
    }

    /// <summary>The client takes more, on one stream or on all; <see cref="Pump"/> is to follow.</summary>
    /// <returns>False: the window is larger than windows may be.</returns>
    public bool TryOpen(Http2Exchange? exchange, int increment) =>
        (exchange is null ? _window += increment : exchange.SendWindow += increment) <= Http2Frame.WindowMax;

    /// <summary>Lets the client send more of a stream's body.</summary>
    public void OpenWindow(int stream, int bytes)
    {
        Http2FrameWriter.WindowUpdate(Output, stream, bytes);
        connection.Release();
    }

    // Whoever comes first by its priority; of equals who waits longest. Null: the windows let nobody go.
    private Http2Exchange? Next()
    {
        _round.RemoveAll(static e => e.IsOutputOver && !(e.IsQueued = false));
        Http2Exchange? first = null;
        foreach (var exchange in _round)
        {
            if (exchange.Pending.Length > 0 && Math.Min(_window, exchange.SendWindow) <= 0)
                continue;
            if (first is null || exchange.Priority.IsBefore(first.Priority))
                first = exchange;
        }
        return first;
    }

    // One frame.
    private void SendFrame(Http2Exchange exchange)
    {
        var pending = exchange.Pending;
        var count = (int)Math.Min(Math.Min(pending.Length, Math.Min(_window, exchange.SendWindow)),
            Math.Min(exchange.Options.Http2ChunkBytes, connection.Peer.FrameBytesMax));
        var ends = exchange.EndsAfterPending && count == pending.Length;
        if (count > 0 || (ends && exchange.Trailers is null))
        {
            var start = Output.Position;
            var isWhole = Http2FrameWriter.TryData(Output, exchange.Id, pending, count, ends && exchange.Trailers is null);
            (_window, exchange.SendWindow) = (_window - count, exchange.SendWindow - count);
            exchange.AddSent(Output.Position - start);
            if (!isWhole)
            {
                // The frame's length is out: nothing can follow it.
                connection.Transport.Abort();
                return;
            }
        }
        if (ends && exchange.Trailers is { } trailers)
        {
            var block = Begin();
            Http2Fields.Encode(block, trailers);
            WriteBlock(exchange, block, endsStream: true);
        }
        exchange.IsOutputOver |= ends;
    }

    private ArrayBufferWriter<byte> Begin()
    {
        _block ??= new ArrayBufferWriter<byte>(512);
        _block.ResetWrittenCount();
        return _block;
    }

    private long WriteBlock(Http2Exchange exchange, ArrayBufferWriter<byte> block, bool endsStream)
    {
        var start = Output.Position;
        Http2FrameWriter.Headers(Output, exchange.Id, block.WrittenSpan, connection.Peer.FrameBytesMax, endsStream);
        exchange.IsOutputOver |= endsStream;
        connection.Release();
        return Output.Position - start;
    }
}
