using System.Net;

namespace Microcosm.Http;

/// <summary>How a server is asked for its health: by a connection, or by a request over one.</summary>
public abstract class HealthProbe
{
    /// <summary>Asks. The result is told once, later; not after the attempt was cancelled.</summary>
    public abstract IHealthAttempt Begin(HttpWorker worker, EndPoint peer, Action<HealthResult> done);
}
