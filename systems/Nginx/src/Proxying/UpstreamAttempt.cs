namespace Microcosm.Nginx;

/// <summary>One try at a server of an upstream, as <c>$upstream_*</c> tell of it (ngx_http_upstream_state_t). Times are in ms, -1 where it
/// did not come to that.</summary>
/// <param name="owner">Whose try it is.</param>
/// <param name="peer">Address of the server; of an upstream without a server to ask its name.</param>
internal sealed class UpstreamAttempt(object owner, string peer)
{
    public object Owner { get; } = owner;

    public string Peer { get; } = peer;

    public int Status { get; set; }

    public long ConnectMs { get; set; } = -1;

    public long HeaderMs { get; set; } = -1;

    public long ResponseMs { get; set; } = -1;

    public long ResponseLength { get; set; }

    public long BytesReceived { get; set; }

    public long BytesSent { get; set; }
}
