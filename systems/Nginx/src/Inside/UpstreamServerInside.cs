namespace Microcosm.Nginx;

/// <summary>A server of an upstream, with what is remembered of it.</summary>
/// <param name="Node">Whose address it is in the world; empty for one outside.</param>
/// <param name="State">up, failed (left alone for its fail_timeout), unhealthy or checking (as its checks say), full or down.</param>
/// <param name="Turn">Where it stands in the turns of smooth weighted round robin: the highest is asked next.</param>
internal sealed record UpstreamServerInside(
    string Upstream, string Server, string Address, string Node, string State, bool IsBackup, int Weight, int EffectiveWeight, int Turn,
    long Requests, long Failures, int Fails, int Busy, int Idle, long Checks, long FailedChecks);
