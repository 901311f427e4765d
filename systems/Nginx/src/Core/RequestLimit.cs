namespace Microcosm.Nginx;

/// <summary>One <c>limit_req</c>: burst and the part of it that is not delayed, in thousandths of a request.</summary>
internal sealed record RequestLimit(SharedZone Zone, long BurstMilli, long DelayMilli);
