using System.Net;

namespace Microcosm.Runtime;

/// <summary>A real port that a node listens on. Thread-safe.</summary>
public interface ISocketListener : IStreamListener
{
    /// <summary>The address, with the port that was taken.</summary>
    IPEndPoint EndPoint { get; }

    EndPoint IStreamListener.Address => EndPoint;
}
