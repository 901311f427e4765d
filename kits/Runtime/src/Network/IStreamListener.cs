using System.Net;

namespace Microcosm.Runtime;

/// <summary>A listening socket of the machine, TCP or Unix. Thread-safe.</summary>
public interface IStreamListener
{
    /// <summary>An <see cref="IPEndPoint"/> with the port that was taken, or a <see cref="UnixEndPoint"/>.</summary>
    EndPoint Address { get; }

    /// <summary>The listening socket's descriptor, for a process that takes over; -1 where there is none to give.</summary>
    int Descriptor => -1;

    /// <summary>Stops accepting; open connections stay open.</summary>
    ValueTask CloseAsync();

    /// <summary>Leaves those that come waiting, until <see cref="ResumeAsync"/> or for another process that has the socket too.</summary>
    ValueTask PauseAsync() => throw new NotSupportedException();

    /// <summary>Takes them in again, after <see cref="PauseAsync"/>.</summary>
    ValueTask ResumeAsync() => throw new NotSupportedException();

    /// <summary>Resets every connection that this listener accepted: the node died.</summary>
    void AbortConnections();

    /// <summary>Resets the connections that are open, and goes on accepting: the network forgot them, and the node lives.</summary>
    void ResetConnections();
}
