namespace Microcosm.Http;

/// <summary>
/// Servers take turns by their weights, smoothly: of weights 5, 1, 1 comes a a b a c a a. One that failed comes back with a small weight
/// that
/// grows with each choice.
/// </summary>
public sealed class RoundRobin(PeerGroup group) : Balancer(group)
{
    private protected override int Pick(PeerGroup group, Selection selection, long now) => TakeTurns(group, selection, now);
}
