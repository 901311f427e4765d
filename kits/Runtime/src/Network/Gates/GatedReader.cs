using System.Buffers;
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
    private ReadOnlySequence<byte> _buffer;
    private long _shown;
    private bool _isCancelled;

    private bool IsQuiet => conditions.AreQuiet && !passage.HasRules;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var read = _inner.ReadAsync(cancellationToken);
        if (!read.IsCompleted || !IsQuiet)
            return HoldAsync(read, cancellationToken);
        _shown = 0;
        return read;
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
        if (IsQuiet)
        {
            _shown = 0;
            return result;
        }
        var buffer = result.Buffer;
        if (result.IsCanceled)
        {
            lock (_gate)
                _isCancelled = false;
            return Show(buffer, isCanceled: true);
        }
        if (passage.Ending is { } before)
            return End(before, buffer);
        var fresh = passage.PieceOf(buffer.Length - _shown);
        if (fresh == 0 && !result.IsCompleted)
            return Show(buffer);
        if (!await ArrivesAsync(fresh, cancellation))
            return Show(buffer, isCanceled: true);
        _shown += fresh;
        if (passage.Ending is { } ending)
            return End(ending, buffer);
        return Show(buffer, isCompleted: result.IsCompleted && _shown == buffer.Length);
    }

    private ReadResult Show(ReadOnlySequence<byte> arrived, bool isCanceled = false, bool isCompleted = false)
    {
        _buffer = arrived.Slice(0, _shown);
        return new ReadResult(_buffer, isCanceled, isCompleted);
    }

    private ReadResult End(FaultRule rule, ReadOnlySequence<byte> arrived)
    {
        if (GatedPipes.TryReset(connection, rule))
            throw new ConnectionAbortedException("reset by a fault rule");
        return Show(arrived, isCompleted: true);
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
