namespace Microcosm.Chubby;

/// <summary>What a client says when it comes.</summary>
/// <param name="SeenZxid">The last change it knows of: a member that is behind that is no use to it.</param>
/// <param name="TimeoutMs">As it wishes.</param>
/// <param name="SessionId">0 for a new session.</param>
/// <param name="IsReadOnly">It will do with a member that may only read.</param>
/// <param name="IsOld">It does not know of read-only members, and is not told.</param>
internal sealed record ConnectRequest(long SeenZxid, int TimeoutMs, long SessionId, byte[] Password, bool IsReadOnly, bool IsOld);
