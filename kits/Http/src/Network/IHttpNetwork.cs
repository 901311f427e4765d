using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// What HTTP servers and proxies stand on: event loops on real sockets, or a node of a world. The same sessions run over both.
/// </summary>
public interface IHttpNetwork : IAsyncDisposable
{
    /// <summary>One for each loop; a node of a world has one.</summary>
    IReadOnlyList<HttpWorker> Workers { get; }

    /// <summary>
    /// Listens with all workers. Throws <see cref="Microsoft.AspNetCore.Connections.AddressInUseException"/>, and <see
    /// cref="IOException"/> where the system refuses otherwise.
    /// </summary>
    /// <param name="address">Of the machine, or a port of the node.</param>
    /// <param name="sessions">Gives the sessions of one worker.</param>
    ValueTask<IHttpListener> ListenAsync(EndPoint address, ListenOptions options, Func<HttpWorker, ISessionFactory> sessions);
}
