using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>The two time-outs of a connection: of reading, whatever it reads, and of sending.</summary>
internal sealed class Http1Timers(Http1Connection connection)
{
    private readonly Deadlines _deadlines = connection.Worker.Deadlines;
    private readonly Reading _reading = new(connection);
    private Sending? _sending;
    private long _lingerUntilMs;
    private long _lingerStepMs;
    private bool _isForHead;

    /// <summary>A head is to come whole in this time; called again while it comes.</summary>
    public void WaitForHead(long ms)
    {
        if (!_isForHead || !_reading.IsSet)
            _deadlines.Set(_reading, ms);
        _isForHead = true;
    }

    /// <summary>A request is to begin in this time.</summary>
    public void WaitForRequest(long ms)
    {
        _isForHead = false;
        _deadlines.Set(_reading, ms);
    }

    /// <summary>More of a body is to come in this time.</summary>
    public void WaitForBody(long ms) => _deadlines.Set(_reading, ms);

    /// <summary>What still comes is read away for so long, if it comes without longer pauses.</summary>
    public void Linger(long timeMs, long stepMs)
    {
        (_lingerUntilMs, _lingerStepMs) = (_deadlines.NowMs + timeMs, stepMs);
        LingerOn();
    }

    /// <summary>Something came while lingering.</summary>
    public void LingerOn() =>
        _deadlines.Set(_reading, Math.Max(0, Math.Min(_lingerUntilMs - _deadlines.NowMs, _lingerStepMs)));

    /// <summary>Nothing is waited for.</summary>
    public void StopReading() => _deadlines.Clear(_reading);

    /// <summary>Something has to leave in this time, and again, as long as there is something to send.</summary>
    public void WatchSending(long ms)
    {
        _sending ??= new Sending(connection, _deadlines);
        if (!_sending.IsSet)
            _sending.Watch(ms);
    }

    /// <summary>The connection is gone.</summary>
    public void Remove()
    {
        _deadlines.Remove(_reading);
        if (_sending is not null)
            _deadlines.Remove(_sending);
    }

    private sealed class Reading(Http1Connection connection) : Deadline
    {
        protected override void Expired() => connection.ReadTimedOut();
    }

    private sealed class Sending(Http1Connection connection, Deadlines deadlines) : SendDeadline(deadlines, connection.Transport)
    {
        protected override void Stuck() => connection.SendTimedOut();
    }
}
