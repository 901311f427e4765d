using System.Net;

namespace Microcosm.Runtime;

/// <summary>A socket of the machine that takes messages from anybody. Thread-safe.</summary>
public interface IDatagramListener
{
    /// <summary>An <see cref="IPEndPoint"/> with the port that was taken, or a <see cref="UnixEndPoint"/>.</summary>
    EndPoint Address { get; }

    /// <summary>The socket's descriptor; -1 where there is none any more.</summary>
    int Descriptor { get; }

    /// <summary>Leaves messages waiting, until <see cref="ResumeAsync"/> or for another process that has the socket too.</summary>
    ValueTask PauseAsync();

    /// <summary>Takes them again, after <see cref="PauseAsync"/>.</summary>
    ValueTask ResumeAsync();

    /// <summary>Takes nobody new in; peers that are there stay, and the socket with them, until they are closed.</summary>
    ValueTask CloseAsync();
}
