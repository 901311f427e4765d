using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>The two time-outs of a connection: of reading, whatever it reads, and of sending.</summary>
internal class ConnectionTimers(ITimedConnection connection, Deadlines deadlines, SessionTransport transport)
{
    /// <summary>So much the kernel takes at once, as a rule: whoever has written it need not be kept, or watched, until it left.</summary>
    public const int SoonSentBytes = 64 * 1024;

    private readonly Reading _reading = new(connection);
    private SendDeadline? _sending;
    private long _lingerUntilMs;
    private long _lingerStepMs;

    protected Deadlines Deadlines { get; } = deadlines;

    protected bool IsWaiting => _reading.IsSet;

    /// <summary>Something is to come in this time.</summary>
    public void WaitForInput(long ms) => Deadlines.Set(_reading, ms);

    /// <summary>Nothing is waited for.</summary>
    public void StopReading() => Deadlines.Clear(_reading);

    /// <summary>What still comes is read away for so long, if it comes without longer pauses.</summary>
    public void Linger(long timeMs, long stepMs)
    {
        (_lingerUntilMs, _lingerStepMs) = (Deadlines.NowMs + timeMs, stepMs);
        LingerOn();
    }

    /// <summary>Something came while lingering.</summary>
    public void LingerOn() => WaitForInput(Math.Max(0, Math.Min(_lingerUntilMs - Deadlines.NowMs, _lingerStepMs)));

    /// <summary>Something has to leave in this time, and again, as long as there is something to send.</summary>
    public void WatchSending(long ms)
    {
        _sending ??= new SendDeadline(connection, Deadlines, transport);
        if (!_sending.IsSet)
            _sending.Watch(ms);
    }

    /// <summary>The connection is gone.</summary>
    public virtual void Remove()
    {
        Deadlines.Remove(_reading);
        if (_sending is not null)
            Deadlines.Remove(_sending);
    }

    private sealed class Reading(ITimedConnection connection) : Deadline
    {
        protected override void Expired() => connection.ReadTimedOut();
    }
}
