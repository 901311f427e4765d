namespace Microcosm.Nginx;

/// <summary>One <c>limit_conn</c>: how many connections a key may have at a time. The zone's definition is its key.</summary>
internal sealed record ConnectionLimit(SharedZone Zone, int Connections);
