namespace Microcosm.Http;

/// <summary>What becomes of a request that is counted.</summary>
/// <param name="IsRefused">It is over the burst, and does not count.</param>
/// <param name="Excess">Requests over the rate, in thousandths.</param>
/// <param name="DelayMs">It is served after so long.</param>
public readonly record struct RateVerdict(bool IsRefused, long Excess, long DelayMs);
