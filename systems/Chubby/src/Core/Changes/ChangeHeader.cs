namespace Microcosm.Chubby;

/// <summary>Who asks for a change, and when.</summary>
/// <param name="TimeMs">On the asking member's clock, Unix milliseconds: no member reads a clock while it applies.</param>
/// <param name="SessionId">0 where a member asks for itself.</param>
/// <param name="Origin">Which start of which member asked, and over which connection; 0 for none.</param>
/// <param name="Request">The member's own number for it, by which it finds who waits.</param>
/// <param name="Identities">What the connection has shown itself to be.</param>
internal sealed record ChangeHeader(long TimeMs, long SessionId, long Origin, long Request, Identity[] Identities);
