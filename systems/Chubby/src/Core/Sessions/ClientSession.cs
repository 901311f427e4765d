namespace Microcosm.Chubby;

/// <summary>A client's session, as every member knows it.</summary>
internal sealed class ClientSession(long id, byte[] password, int timeoutMs)
{
    public long Id { get; } = id;

    /// <summary>16 bytes that the client shows when it comes back.</summary>
    public byte[] Password { get; } = password;

    /// <summary>As negotiated: the lease.</summary>
    public int TimeoutMs { get; } = timeoutMs;

    /// <summary>The connection that has it.</summary>
    public long Owner { get; set; }

    /// <summary>When the log last renewed it. Clients of the leader renew their leases at the leader, without the log.</summary>
    public long RenewedZxid { get; set; }
}
