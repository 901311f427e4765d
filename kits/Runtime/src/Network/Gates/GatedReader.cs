using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>
/// A connection's input that is shown when links and bytes rules let it arrive. It may continue on the thread pool, as Kestrel's own does.
/// </summary>
internal sealed class GatedReader(ConnectionContext connection, NetworkConditions conditions, Passage passage) : PipeReader
{
    private readonly PipeReader _inner = connection.Transport.Input;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _wait;
    private System.Buffers.ReadOnlySequence<byte> _buffer;
    private long _shown;
    private bool _isCancelled;

    private bool IsQuiet => conditions.AreQuiet && !passage.HasRules;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = _inner.ReadAsync(cancellationToken);
        return read.IsCompleted && IsQuiet ? read : HoldAsync(read, cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        result = default;
        // What is held back shows itself to a read that waits.
        return IsQuiet && _inner.TryRead(out result);
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (_shown > 0)
            _shown = _buffer.Slice(consumed).Length;
        _buffer = default;
        _inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead()
    {
        lock (_gate)
        {
            _isCancelled = true;
            _wait?.Cancel();
        }
        _inner.CancelPendingRead();
    }

    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> HoldAsync(ValueTask<ReadResult> pending, CancellationToken cancellation)
    {
        var result = await pending;
        if (IsQuiet || result.IsCanceled)
        {
            lock (_gate)
                _isCancelled &= !result.IsCanceled;
            return result;
        }
        var buffer = result.Buffer;
        if (passage.Ending is { } before)
            return End(before, buffer.Slice(0, _shown));
        var fresh = passage.PieceOf(buffer.Length - _shown);
        if (!await ArrivesAsync(fresh, cancellation))
            return new ReadResult(buffer.Slice(0, _shown), isCanceled: true, isCompleted: false);
        _shown += fresh;
        _buffer = buffer.Slice(0, _shown);
        if (passage.Ending is { } ending)
            return End(ending, _buffer);
        return new ReadResult(_buffer, isCanceled: false, isCompleted: result.IsCompleted && _shown == buffer.Length);
    }

    private ReadResult End(FaultRule rule, System.Buffers.ReadOnlySequence<byte> buffer)
    {
        if (GatedPipes.TryReset(connection, rule))
            throw new ConnectionAbortedException("reset by a fault rule");
        return new ReadResult(buffer, isCanceled: false, isCompleted: true);
    }

    // False where the read was cancelled first.
    private async ValueTask<bool> ArrivesAsync(long bytes, CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_gate)
        {
            if (_isCancelled)
                wait.Cancel();
            _wait = wait;
        }
        try
        {
            await passage.TravelAsync(bytes, passage.NowTicks, wait.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            lock (_gate)
            {
                _wait = null;
                _isCancelled = false;
            }
        }
    }
}
