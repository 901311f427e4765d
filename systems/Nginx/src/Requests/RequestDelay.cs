using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>A request that goes on later.</summary>
internal sealed class RequestDelay(HttpRequest request) : Deadline
{
    public Action<HttpRequest> Next { get; set; } = static _ => { };

    protected override void Expired() => Next(request);
}
