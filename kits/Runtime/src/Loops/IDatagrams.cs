using System.Net;

namespace Microcosm.Runtime;

/// <summary>Messages to one address and back (UDP, datagrams of Unix sockets). On the executor only.</summary>
public interface IDatagrams
{
    /// <summary>The own address.</summary>
    EndPoint Local { get; }

    /// <summary>The other's address.</summary>
    EndPoint Remote { get; }

    /// <summary>Sends one message; one that the system has no room for is lost, as others are on their way. Gives 0, or the system's number
    /// of what is wrong: 111 where an earlier message found nobody.</summary>
    int Send(ReadOnlySpan<byte> message);

    /// <summary>Tells the handler of no message until <see cref="ResumeInput"/>. What comes meanwhile waits with the system as far as that
    /// has room; of a socket that others share it is lost.</summary>
    void PauseInput();

    /// <summary>Tells the handler of messages again, never inside this call.</summary>
    void ResumeInput();

    /// <summary>Its handler is told of nothing any more.</summary>
    void Close();
}
