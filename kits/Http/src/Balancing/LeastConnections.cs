namespace Microcosm.Http;

/// <summary>The server with the fewest requests under way for its weight; those that are equal take turns.</summary>
public sealed class LeastConnections(PeerGroup group) : Balancer(group)
{
    private protected override int Pick(PeerGroup group, Selection selection, long now)
    {
        var (best, isOnly) = (-1, true);
        for (var i = 0; i < group.Peers.Count; i++)
        {
            var peer = group.Peers[i];
            if (selection.IsTried(i) || !MayBeAsked(peer, now))
                continue;
            var compared = best < 0 ? -1 : Load(peer, group.Peers[best]);
            if (compared < 0)
                (best, isOnly) = (i, true);
            else if (compared == 0)
                isOnly = false;
        }
        if (best < 0 || isOnly)
            return best;
        var least = group.Peers[best];
        return TakeTurns(group, selection, now, p => Load(p, least) == 0);
    }

    private static int Load(Peer one, Peer other) =>
        ((long)one.Connections * other.Weight).CompareTo((long)other.Connections * one.Weight);
}
