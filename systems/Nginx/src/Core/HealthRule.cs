using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>A <c>health_check</c>: how servers of the group that its location, or its server of the stream part, passes to are
/// checked.</summary>
/// <param name="Level">Where it stands, whose settings of proxying hold for checks too.</param>
/// <param name="Place">The same as file and line.</param>
/// <param name="IsStream">It is of the stream part.</param>
internal sealed record HealthRule(Level Level, string Place, bool IsStream)
{
    public HealthCheckOptions Options { get; init; } = new();

    /// <summary>Name of the <c>match</c> block; empty for none.</summary>
    public string Match { get; init; } = "";

    public string Uri { get; init; } = "/";

    /// <summary>0 for the server's own.</summary>
    public int Port { get; init; }

    /// <summary>A server that was healthy before a reload is so behind it.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>How long a connection serves checks; 0: one check each.</summary>
    public long KeepAliveMs { get; init; }

    public bool IsGrpc { get; init; }

    public bool IsUdp { get; init; }

    /// <summary>Where requests or sessions are passed to, once the part is read.</summary>
    public ProxyTarget? Target { get; init; }

    /// <summary>What responses are to be like, once the part is read.</summary>
    public ResponseExpectation Expectation { get; init; } = ResponseExpectation.Success;

    /// <summary>The same of the stream part.</summary>
    public HealthDialogue Dialogue { get; init; } = HealthDialogue.None;

    public Upstream Upstream => Target!.Upstream!.Made!;
}
