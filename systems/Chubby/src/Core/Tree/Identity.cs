using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Chubby;

/// <summary>Whom a connection has shown itself to be: <c>ip</c> by its address, <c>digest</c> by a password, <c>super</c>.</summary>
internal readonly record struct Identity(string Scheme, string Id)
{
    /// <summary>Whom an address shows: of a client in memory it is its name.</summary>
    public static Identity Of(EndPoint remote) => new("ip", remote switch
    {
        IPEndPoint socket => socket.Address.ToString(),
        NodeEndPoint node => node.Node,
        _ => "",
    });
}
