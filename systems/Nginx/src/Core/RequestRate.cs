namespace Microcosm.Nginx;

/// <summary>What a <c>limit_req_zone</c> counts and how fast it lets requests pass, in thousandths of a request a second.</summary>
internal sealed record RequestRate(ComplexValue Key, long RateMilli);
