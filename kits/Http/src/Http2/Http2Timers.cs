using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>The time-outs of a connection: without a stream, within a head, and of sending.</summary>
internal sealed class Http2Timers(Http2Connection connection)
{
    private readonly Deadlines _deadlines = connection.Worker.Deadlines;
    private readonly Reading _reading = new(connection);
    private readonly Head _head = new(connection);
    private Sending? _sending;
    private long _lingerUntilMs;
    private long _lingerStepMs;

    /// <summary>Something is to come in this time.</summary>
    public void WaitForInput(long ms) => _deadlines.Set(_reading, ms);

    /// <summary>A head has begun, and is to be whole in this time; called again while it comes.</summary>
    public void WaitForHead(long ms)
    {
        if (!_head.IsSet)
            _deadlines.Set(_head, ms);
    }

    public void StopHead() => _deadlines.Clear(_head);

    /// <summary>What still comes is read away for so long, if it comes without longer pauses.</summary>
    public void Linger(long timeMs, long stepMs)
    {
        (_lingerUntilMs, _lingerStepMs) = (_deadlines.NowMs + timeMs, stepMs);
        LingerOn();
    }

    /// <summary>Something came while lingering.</summary>
    public void LingerOn() =>
        _deadlines.Set(_reading, Math.Max(0, Math.Min(_lingerUntilMs - _deadlines.NowMs, _lingerStepMs)));

    public void StopReading() => _deadlines.Clear(_reading);

    /// <summary>Something has to leave in this time, and again, as long as there is something to send.</summary>
    public void WatchSending(long ms)
    {
        _sending ??= new Sending(connection, _deadlines);
        if (!_sending.IsSet)
            _sending.Watch(ms);
    }

    public void Remove()
    {
        _deadlines.Remove(_reading);
        _deadlines.Remove(_head);
        if (_sending is not null)
            _deadlines.Remove(_sending);
    }

    private sealed class Reading(Http2Connection connection) : Deadline
    {
        protected override void Expired() => connection.ReadTimedOut();
    }

    private sealed class Head(Http2Connection connection) : Deadline
    {
        protected override void Expired() => connection.HeadTimedOut();
    }

    private sealed class Sending(Http2Connection connection, Deadlines deadlines) : Deadline
    {
        private long _sent;
        private long _ms;

        private long Sent => connection.Transport.Output.Position - connection.Transport.PendingBytes;

        public void Watch(long ms)
        {
            (_sent, _ms) = (Sent, ms);
            deadlines.Set(this, ms);
        }

        protected override void Expired()
        {
            if (connection.Transport.PendingBytes == 0 && connection.Sender.WaitingCount == 0)
                return;
            if (Sent == _sent)
                connection.SendTimedOut();
            else
                Watch(_ms);
        }
    }
}
