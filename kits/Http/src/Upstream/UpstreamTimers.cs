using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>The two time-outs of a connection to an upstream server: of the response, or of being idle; and of sending.</summary>
internal sealed class UpstreamTimers(UpstreamConnection connection)
{
    /// <summary>So much the kernel takes at once, as a rule; more is watched.</summary>
    public const int SoonSentBytes = 64 * 1024;

    private readonly Deadlines _deadlines = connection.Worker.Deadlines;
    private readonly Reading _reading = new(connection);
    private Sending? _sending;

    public void WaitForResponse(long ms) => _deadlines.Set(_reading, ms);

    public void WaitIdle(long ms) => _deadlines.Set(_reading, ms);

    public void StopReading() => _deadlines.Clear(_reading);

    public void WatchSending(long ms)
    {
        _sending ??= new Sending(connection, _deadlines);
        if (!_sending.IsSet)
            _sending.Watch(ms);
    }

    public void Remove()
    {
        _deadlines.Remove(_reading);
        if (_sending is not null)
            _deadlines.Remove(_sending);
    }

    private sealed class Reading(UpstreamConnection connection) : Deadline
    {
        protected override void Expired() => connection.ReadTimedOut();
    }

    private sealed class Sending(UpstreamConnection connection, Deadlines deadlines) : SendDeadline(deadlines, connection.Transport)
    {
        protected override bool HasUnsent => base.HasUnsent || connection.IsBlocked;

        protected override void Stuck() => connection.SendTimedOut();
    }
}
