using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>One executor with what its sessions need. All members are for that executor.</summary>
public abstract class HttpWorker
{
    // EOPNOTSUPP
    private const int NotSupported = 95;

    private protected HttpWorker(NodeExecutor executor, TimeProvider clock, int index)
    {
        (Executor, Index) = (executor, index);
        Deadlines = new Deadlines(clock);
        Date = new DateCache(clock);
    }

    /// <summary>Where the sessions run.</summary>
    public NodeExecutor Executor { get; }

    /// <summary>Its place among the workers, from 0.</summary>
    public int Index { get; }

    /// <summary>Time-outs of the sessions.</summary>
    public Deadlines Deadlines { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Clock => Deadlines.Clock;

    /// <summary>The date, for heads.</summary>
    public DateCache Date { get; }

    /// <summary>Begins to connect; the handler is told later, never inside this call.</summary>
    /// <param name="remote">An address of the machine's networks, or a node of the world.</param>
    public abstract IPendingConnect Connect(EndPoint remote, ConnectOptions options, IConnectHandler handler);

    /// <summary>Opens a socket for messages to an address and from it; null where there is none to be had: the network of a world has
    /// connections only.</summary>
    /// <param name="errno">The system's number of why there is none.</param>
    public virtual IDatagrams? OpenDatagrams(EndPoint remote, ConnectOptions options, IDatagramHandler handler, out int errno)
    {
        errno = NotSupported;
        return null;
    }

    /// <summary>Takes a connection out of this worker: its socket is the caller's then, and its session is told of nothing any more. False
    /// where it has no socket, or has output to send.</summary>
    internal virtual bool TryRelease(SessionTransport transport, out int descriptor)
    {
        descriptor = -1;
        return false;
    }

    /// <summary>Takes a connected socket in, as one that was opened here.</summary>
    internal virtual void Adopt(int descriptor, EndPoint remote, IConnectHandler handler) =>
        throw new NotSupportedException("This worker has no sockets.");
}
