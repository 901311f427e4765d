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

    /// <summary>
    /// Takes messages from anybody: with all workers where the options share the port, else with one. Throws as <see cref="ListenAsync"/>,
    /// and <see cref="NotSupportedException"/> where there are connections only.
    /// </summary>
    /// <param name="factories">Takes peers in on one worker.</param>
    ValueTask<IHttpListener> ListenDatagramsAsync(EndPoint address, ListenOptions options, Func<HttpWorker, IDatagramFactory> factories);
}
