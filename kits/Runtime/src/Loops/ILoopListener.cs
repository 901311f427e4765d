using System.Net;

namespace Microcosm.Runtime;

/// <summary>A socket of the machine by which a loop takes others in: their connections, or their messages. Thread-safe.</summary>
public interface ILoopListener
{
    /// <summary>An <see cref="IPEndPoint"/> with the port that was taken, or a <see cref="UnixEndPoint"/>.</summary>
    EndPoint Address { get; }

    /// <summary>The socket's descriptor, for a process that takes over; -1 where there is none to give.</summary>
    int Descriptor { get; }

    /// <summary>Leaves those that come waiting, until <see cref="ResumeAsync"/> or for another process that has the socket too.</summary>
    ValueTask PauseAsync();

    /// <summary>Takes them in again, after <see cref="PauseAsync"/>.</summary>
    ValueTask ResumeAsync();

    /// <summary>Takes nobody new in. Connections stay open; who sends messages stays known, and the socket open with him, until it is
    /// closed.</summary>
    ValueTask CloseAsync();
}
