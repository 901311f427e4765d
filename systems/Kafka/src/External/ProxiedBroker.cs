using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>A broker of the cluster and the port that stands for it.</summary>
internal sealed class ProxiedBroker(int id, DnsEndPoint upstream)
{
    public int Id => id;

    /// <summary>Where it is, as the cluster said last.</summary>
    public DnsEndPoint Upstream { get; set; } = upstream;

    /// <summary>What stands for it here; null until it listens.</summary>
    public INodeListener? Listener { get; set; }

    /// <summary>Its port in the world.</summary>
    public int Port { get; set; }

    /// <summary>Done when it listens.</summary>
    public Task Listening { get; set; } = Task.CompletedTask;
}
