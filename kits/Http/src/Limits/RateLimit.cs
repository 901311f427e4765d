namespace Microcosm.Http;

/// <summary>A rate, and what may be over it. In thousandths of requests, as nginx counts.</summary>
/// <param name="Rate">Requests a second, in thousandths: 1r/s is 1000.</param>
/// <param name="Burst">Excess that is served, in thousandths: a burst of 5 is 5000.</param>
/// <param name="Delay">Excess that is served at once, in thousandths; <see cref="long.MaxValue"/> delays nothing.</param>
public readonly record struct RateLimit(long Rate, long Burst, long Delay);
