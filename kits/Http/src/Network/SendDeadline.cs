using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Something of a connection's output has to leave in a time, and again, as long as there is some. It is not moved at each send:
/// at its end is seen whether anything left.</summary>
internal sealed class SendDeadline(ITimedConnection connection, Deadlines deadlines, SessionTransport transport) : Deadline
{
    private long _sent;
    private long _ms;

    private long Sent => transport.Output.Position - transport.PendingBytes;

    /// <summary>Begins to watch.</summary>
    public void Watch(long ms)
    {
        (_sent, _ms) = (Sent, ms);
        deadlines.Set(this, ms);
    }

    protected override void Expired()
    {
        if (!connection.HasUnsent)
            return;
        if (Sent == _sent)
            connection.SendTimedOut();
        else
            Watch(_ms);
    }
}
