namespace Microcosm.Http;

/// <summary>A server drawn by weight (nginx' random without "two").</summary>
/// <param name="draw">A number from 0 up to, and without, its argument.</param>
public sealed class RandomOne(PeerGroup group, Func<int, int> draw) : Balancer(group)
{
    private protected override int Pick(PeerGroup group, Selection selection, long now)
    {
        if (group.Peers.Count < 2 || selection.IsInBackup)
            return TakeTurns(group, selection, now);
        while (selection.Looks++ < LooksMax)
        {
            var i = AtWeight(group, draw(group.WeightTotal));
            if (!selection.IsTried(i) && group.Peers[i].IsAvailable(now))
                return i;
        }
        return TakeTurns(group, selection, now);
    }
}
