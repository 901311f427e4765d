using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Of a server's connection: a head is to be whole in a time, beside the time in which something is to come.</summary>
internal sealed class Http2Timers(Http2Connection connection)
    : ConnectionTimers(connection, connection.Worker.Deadlines, connection.Transport)
{
    private readonly Head _head = new(connection);

    /// <summary>A head has begun, and is to be whole in this time; called again while it comes.</summary>
    public void WaitForHead(long ms)
    {
        if (!_head.IsSet)
            Deadlines.Set(_head, ms);
    }

    public void StopHead() => Deadlines.Clear(_head);

    public override void Remove()
    {
        base.Remove();
        Deadlines.Remove(_head);
    }

    private sealed class Head(Http2Connection connection) : Deadline
    {
        protected override void Expired() => connection.HeadTimedOut();
    }
}
