using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>Carries sessions on real sockets: the event loop on Linux, Kestrel elsewhere.</summary>
public interface ISocketHost : IAsyncDisposable
{
    /// <summary>
    /// Listens on <paramref name="address"/> (port 0 takes a free one) and opens a session for each connection, on the executor. Links and
    /// rules act on the connections by <paramref name="conditions"/>; null is an undisturbed network.
    /// Throws <see cref="AddressInUseException"/> when the address is taken.
    /// </summary>
    ValueTask<ISocketListener> ListenAsync(IPEndPoint address, NodeExecutor executor, ISessionFactory sessions,
        NetworkConditions? conditions, CancellationToken cancellation);

    /// <summary>The same for protocols that need streams.</summary>
    ValueTask<ISocketListener> ListenAsync(IPEndPoint address, NodeExecutor executor, ConnectionDelegate handler,
        NetworkConditions? conditions, CancellationToken cancellation);
}
