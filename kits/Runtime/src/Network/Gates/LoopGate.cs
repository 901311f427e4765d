using System.Buffers;

namespace Microcosm.Runtime;

/// <summary>
/// What stands between a socket of the event loop and its session while links or bytes rules act on it. Input that was read waits here
/// until it is due; of the output only so much may leave as has arrived in time. An undisturbed connection has none. On the loop's thread.
/// </summary>
internal sealed class LoopGate : IDisposable
{
    private const int ChunkBytes = 16 * 1024;
    private const int HeldBytesMax = 256 * 1024;

    private readonly LoopConnection _connection;
    private readonly Passage _up;
    private readonly Passage _down;
    private readonly ITimer _timer;
    private readonly Queue<Arrival> _arriving = new();
    private readonly Queue<(long Position, long DueTicks)> _leaving = new();
    private int _heldBytes;
    private long _stamped;
    private long _leavable;
    private long _armedTicks = long.MaxValue;
    private bool _mayRead = true;
    private bool _sawEnd;
    private bool _isContinuing;
    private bool _isDisposed;

    private LoopGate(LoopConnection connection, NetworkConditions conditions, Passage up, Passage down)
    {
        (_connection, _up, _down) = (connection, up, down);
        _stamped = _leavable = connection.Sent;
        _timer = conditions.Clock.CreateTimer(
            static g => ((LoopGate)g!).Post(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Released output waits here.</summary>
    public bool HoldsOutput => !_isDisposed && (_down.IsCut || _leavable < _connection.Released);

    /// <summary>Gives the connection a gate if anything acts on it.</summary>
    public static void Install(LoopConnection connection, NetworkConditions conditions, ConnectionVerdict verdict)
    {
        var (up, down) = conditions.Passages(Links.SocketClient, connection.ConnectionId, verdict);
        if (!up.IsClear || !down.IsClear)
            connection.SetGate(new LoopGate(connection, conditions, up, down));
    }

    /// <summary>The socket has input.</summary>
    public void Readable()
    {
        _mayRead = true;
        Continue();
    }

    /// <summary>How many of so many released bytes may be sent now.</summary>
    public long MayLeave(long released)
    {
        var sent = _connection.Sent;
        if (_isDisposed || released < 0)
            return 0;
        if (_down.Ending is { } rule && _stamped <= sent)
        {
            End(rule);
            return 0;
        }
        if (!_down.IsCut)
            Stamp(sent + released);
        Arm();
        return _down.IsCut ? 0 : _leavable - sent;
    }

    /// <summary>Something is due, or may have changed: lets through what may pass, and goes where nothing is held back any more.</summary>
    public void Continue()
    {
        // Sessions that are shown input may resume it, which comes back here.
        if (_isDisposed || _isContinuing)
            return;
        _isContinuing = true;
        ReadAhead();
        ShowDue();
        _isContinuing = false;
        if (_isDisposed)
            return;
        _connection.SendReleased();
        if (_isDisposed)
            return;
        if (_arriving.Count == 0 && !HoldsOutput && _up.IsClear && _down.IsClear)
        {
            Dispose();
            _connection.SetGate(null);
        }
        else
        {
            Arm();
        }
    }

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _timer.Dispose();
        while (_arriving.TryDequeue(out var arrival))
            arrival.Return();
    }

    // On the clock's thread. Through the executor: a paused node sees nothing meanwhile.
    private void Post() => _connection.Executor.Post(static g => ((LoopGate)g!).OnTimer(), this);

    private void OnTimer()
    {
        _armedTicks = long.MaxValue;
        Continue();
    }

    private void ReadAhead()
    {
        while (_mayRead && !_sawEnd && !_up.IsCut && _heldBytes < HeldBytesMax && !_isDisposed && !_connection.IsClosed)
        {
            var now = _up.NowTicks;
            if (_up.Ending is { } rule)
            {
                _sawEnd = true;
                _arriving.Enqueue(new Arrival(null, 0, _up.Send(0, now), rule));
                return;
            }
            if (_up.LineFreeTicks > now && !_up.IsClear)
                return;
            var chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
            var read = _connection.Read(chunk.AsSpan(0, (int)_up.PieceOf(ChunkBytes)));
            if (read > 0)
            {
                _heldBytes += read;
                _arriving.Enqueue(new Arrival(chunk, read, _up.Send(read, now), null));
                continue;
            }
            ArrayPool<byte>.Shared.Return(chunk);
            _mayRead = false;
            if (read == 0)
            {
                _sawEnd = true;
                _arriving.Enqueue(new Arrival(null, 0, _up.Send(0, now), null));
            }
        }
    }

    private void ShowDue()
    {
        while (!_isDisposed && !_up.IsCut && _connection.TakesInput && _arriving.TryPeek(out var arrival)
            && (arrival.DueTicks <= _up.NowTicks || _up.IsClear))
        {
            _arriving.Dequeue();
            _heldBytes -= arrival.Length;
            if (arrival.Bytes is not null)
                _connection.ShowArrived(arrival.Bytes.AsSpan(0, arrival.Length));
            else if (arrival.Rule is null)
                _connection.EndInput();
            else if (arrival.Rule.IsRemoved)
                _sawEnd = false;
            else if (arrival.Rule.Connection.Action == ConnectionFaultAction.ResetAfter)
                _connection.Abort();
            else
                _connection.EndInput();
            arrival.Return();
            ReadAhead();
        }
    }

    // Gives output its due times as the line takes it, and finds how far it may leave.
    private void Stamp(long released)
    {
        var now = _down.NowTicks;
        while (_stamped < released && (_down.LineFreeTicks <= now || _down.IsClear) && _down.Ending is null)
        {
            var piece = _down.PieceOf(released - _stamped);
            _stamped += piece;
            _leaving.Enqueue((_stamped, _down.Send(piece, now)));
        }
        while (_leaving.TryPeek(out var next) && (next.DueTicks <= now || _down.IsClear))
        {
            _leavable = next.Position;
            _leaving.Dequeue();
        }
    }

    // The output's last byte has left.
    private void End(FaultRule rule)
    {
        if (rule.Connection.Action == ConnectionFaultAction.ResetAfter)
            _connection.Abort();
        else
            _connection.Finish();
    }

    private void Arm()
    {
        var now = _up.NowTicks;
        var next = long.MaxValue;
        if (!_up.IsCut)
        {
            if (_arriving.TryPeek(out var arrival))
                next = _connection.TakesInput ? arrival.DueTicks : long.MaxValue;
            if (_mayRead && !_sawEnd && _up.LineFreeTicks > now)
                next = Math.Min(next, _up.LineFreeTicks);
        }
        if (!_down.IsCut)
        {
            if (_leaving.TryPeek(out var leaving))
                next = Math.Min(next, leaving.DueTicks);
            if (_stamped < _connection.Released && _down.LineFreeTicks > now)
                next = Math.Min(next, _down.LineFreeTicks);
        }
        if (next == _armedTicks)
            return;
        _armedTicks = next;
        var wait = next == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromTicks(Math.Max(0, next - now));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private readonly record struct Arrival(byte[]? Bytes, int Length, long DueTicks, FaultRule? Rule)
    {
        public void Return()
        {
            if (Bytes is not null)
                ArrayPool<byte>.Shared.Return(Bytes);
        }
    }
}
