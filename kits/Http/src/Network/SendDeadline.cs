using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>Something of a connection's output has to leave in a time, and again, as long as there is some. It is not moved at each send:
/// at its end is seen whether anything left.</summary>
internal abstract class SendDeadline(Deadlines deadlines, SessionTransport transport) : Deadline
{
    private long _sent;
    private long _ms;

    /// <summary>There is something to be sent.</summary>
    protected virtual bool HasUnsent => transport.PendingBytes > 0;

    private long Sent => transport.Output.Position - transport.PendingBytes;

    /// <summary>Begins to watch.</summary>
    public void Watch(long ms)
    {
        (_sent, _ms) = (Sent, ms);
        deadlines.Set(this, ms);
    }

    protected sealed override void Expired()
    {
        if (!HasUnsent)
            return;
        if (Sent == _sent)
            Stuck();
        else
            Watch(_ms);
    }

    /// <summary>Nothing left in that time.</summary>
    protected abstract void Stuck();
}
