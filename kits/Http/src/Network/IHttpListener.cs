using System.Net;

namespace Microcosm.Http;

/// <summary>An address that workers listen on. Thread-safe.</summary>
public interface IHttpListener
{
    /// <summary>With the port that was taken.</summary>
    EndPoint Address { get; }

    /// <summary>The listening sockets, for a process that takes over; empty where there are none.</summary>
    IReadOnlyList<int> Descriptors { get; }

    /// <summary>Leaves those that come waiting, until <see cref="ResumeAsync"/> or for another process that has the socket too.</summary>
    ValueTask PauseAsync();

    /// <summary>Takes them in again, after <see cref="PauseAsync"/>.</summary>
    ValueTask ResumeAsync();

    /// <summary>Takes nobody new in; who is there stays.</summary>
    ValueTask CloseAsync();
}
