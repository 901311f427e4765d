using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>A connection's output that leaves when links and bytes rules let it. A write waits meanwhile.</summary>
internal sealed class GatedWriter(ConnectionContext connection, NetworkConditions conditions, Passage passage) : PipeWriter
{
    private readonly PipeWriter _inner = connection.Transport.Output;
    // Rules that count bytes want them one by one; what is in the pipe can only leave whole.
    private readonly ArrayBufferWriter<byte>? _own = passage.HasRules ? new ArrayBufferWriter<byte>() : null;
    private long _unflushed;

    private bool IsQuiet => conditions.AreQuiet && !passage.HasRules;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _own?.WrittenCount ?? _unflushed;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _own?.GetMemory(sizeHint) ?? _inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _own is null ? _inner.GetSpan(sizeHint) : _own.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (_own is not null)
        {
            _own.Advance(bytes);
            return;
        }
        _unflushed += bytes;
        _inner.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        WriteAsync(default, cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (_own is not null || !IsQuiet)
            return HoldAsync(source, cancellationToken);
        _unflushed = 0;
        return _inner.WriteAsync(source, cancellationToken);
    }

    public override void CancelPendingFlush() => _inner.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        // The end of the stream is kept back as its bytes are.
        if (!IsQuiet && exception is null && passage.Ending is null)
            await LeavesAsync(0, default);
        await _inner.CompleteAsync(exception);
    }

    private async ValueTask<FlushResult> HoldAsync(ReadOnlyMemory<byte> source, CancellationToken cancellation)
    {
        if (_own is { WrittenCount: > 0 })
        {
            _own.Write(source.Span);
            source = _own.WrittenMemory.ToArray();
            _own.ResetWrittenCount();
        }
        var flushed = new FlushResult(isCanceled: false, isCompleted: passage.Ending is not null);
        if (_unflushed > 0)
        {
            var written = _unflushed;
            _unflushed = 0;
            if (!await LeavesAsync(written, cancellation))
                return new FlushResult(isCanceled: true, isCompleted: false);
            flushed = await _inner.FlushAsync(cancellation);
        }
        while (source.Length > 0 && !flushed.IsCompleted)
        {
            var piece = (int)passage.PieceOf(source.Length);
            if (!await LeavesAsync(piece, cancellation))
                return new FlushResult(isCanceled: true, isCompleted: false);
            flushed = await FlushedAsync(await _inner.WriteAsync(source[..piece], cancellation));
            source = source[piece..];
        }
        return flushed;
    }

    private async ValueTask<FlushResult> FlushedAsync(FlushResult flushed) => passage.Ending is { } rule ? await EndAsync(rule) : flushed;

    private async ValueTask<FlushResult> EndAsync(FaultRule rule)
    {
        if (GatedPipes.TryReset(connection, rule))
            throw new ConnectionAbortedException("reset by a fault rule");
        await _inner.CompleteAsync();
        return new FlushResult(isCanceled: false, isCompleted: true);
    }

    // False where the connection is gone first.
    private async ValueTask<bool> LeavesAsync(long bytes, CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation, connection.ConnectionClosed);
        try
        {
            await passage.TravelAsync(bytes, passage.NowTicks, wait.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
