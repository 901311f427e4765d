using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>What is to be listened on.</summary>
internal sealed record ListenRequest(ListenPoint Point, ListenOptions Options)
{
    /// <summary>Who takes connections in on a worker.</summary>
    public required Func<HttpWorker, ISessionFactory> Sessions { get; init; }

    /// <summary>Who takes messages in on a worker; null where there can be none.</summary>
    public Func<HttpWorker, IDatagramFactory>? Peers { get; init; }
}
