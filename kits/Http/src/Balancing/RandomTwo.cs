namespace Microcosm.Http;

/// <summary>
/// Of two servers drawn by weight the one with fewer requests under way for its weight (Mitzenmacher's power of two choices).
/// </summary>
/// <param name="draw">A number from 0 up to, and without, its argument.</param>
public sealed class RandomTwo(PeerGroup group, Func<int, int> draw) : Balancer(group)
{
    private protected override int Pick(PeerGroup group, Selection selection, long now)
    {
        if (group.Peers.Count < 2 || selection.IsInBackup)
            return TakeTurns(group, selection, now);
        var first = -1;
        while (selection.Looks++ < LooksMax)
        {
            var i = AtWeight(group, draw(group.WeightTotal));
            if (i == first || selection.IsTried(i) || !group.Peers[i].IsAvailable(now))
                continue;
            if (first < 0)
            {
                first = i;
                continue;
            }
            var (one, two) = (group.Peers[first], group.Peers[i]);
            return (long)two.Connections * one.Weight > (long)one.Connections * two.Weight ? first : i;
        }
        return TakeTurns(group, selection, now);
    }
}
