using Microcosm.Chubby.Client;

namespace Microcosm.Chubby;

/// <summary>A lock of Chubby's own API.</summary>
/// <param name="Generation">Grows when it goes from free to held: what sequencers carry.</param>
/// <param name="Holders">Their sessions, in hexadecimal.</param>
/// <param name="DelayLeftMs">For so long nobody new gets it: a holder was lost.</param>
internal sealed record LockInside(string Path, LockMode Mode, long Generation, IReadOnlyList<string> Holders, long DelayLeftMs);
