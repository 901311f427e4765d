using System.Net;

namespace Microcosm.Runtime;

/// <summary>A port that a node listens on.</summary>
public interface INodeListener
{
    /// <summary>Address inside the fabric.</summary>
    NodeEndPoint Address { get; }

    /// <summary>Address on the machine, or null where the world has no sockets.</summary>
    IPEndPoint? Socket { get; }

    /// <summary>Stops accepting. Connections that are open stay open.</summary>
    ValueTask CloseAsync();
}
