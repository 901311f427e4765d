using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// Chooses a server for each request and each further try of it. What it chose counts as a connection until it is given back. Pure: time
/// and
/// randomness are passed in.
/// </summary>
public abstract class Balancer(PeerGroup group)
{
    private protected const int LooksMax = 20;

    /// <summary>The servers.</summary>
    public PeerGroup Group { get; } = group;

    /// <summary>A server that was not tried yet; null where none may be asked.</summary>
    /// <param name="now">Seconds.</param>
    public Peer? Choose(Selection selection, long now)
    {
        Invariant.Check(selection.Current is null);
        var group = selection.IsInBackup ? Group.Backup! : Group;
        var index = Pick(group, selection, now);
        if (index < 0 && !selection.IsInBackup && Group.Backup is { } backup)
        {
            selection.GoToBackup();
            group = backup;
            index = Pick(group, selection, now);
        }
        if (index < 0)
            return null;
        var peer = group.Peers[index];
        selection.Try(index);
        selection.Current = peer;
        peer.Begin(now);
        return peer;
    }

    /// <summary>The try does well so far.</summary>
    public void Succeed(Selection selection) => selection.Current?.Succeeded();

    /// <summary>The try is over. True where its server is not asked any more because of it, for a while.</summary>
    public bool Release(Selection selection, bool hasFailed, long now)
    {
        Invariant.Check(selection.Current is not null);
        var peer = selection.Current;
        selection.Current = null;
        return peer.End(hasFailed, Group.IsSingle, now);
    }

    /// <summary>Place of the chosen server in a group; -1 for none.</summary>
    private protected abstract int Pick(PeerGroup group, Selection selection, long now);

    /// <summary>Takes turns, smoothly weighted.</summary>
    private protected int TakeTurns(PeerGroup group, Selection selection, long now, Func<Peer, bool>? among = null)
    {
        var (best, total) = (-1, 0);
        for (var i = 0; i < group.Peers.Count; i++)
        {
            var peer = group.Peers[i];
            if (selection.IsTried(i) || !MayBeAsked(peer, now) || among?.Invoke(peer) == false)
                continue;
            peer.CurrentWeight += peer.EffectiveWeight;
            total += peer.EffectiveWeight;
            if (peer.EffectiveWeight < peer.Weight)
                peer.EffectiveWeight++;
            if (best < 0 || peer.CurrentWeight > group.Peers[best].CurrentWeight)
                best = i;
        }
        if (best >= 0)
            group.Peers[best].CurrentWeight -= total;
        return best;
    }

    /// <summary>A single server is asked although it failed.</summary>
    private protected bool MayBeAsked(Peer peer, long now) =>
        Group.IsSingle ? peer.IsUsable && !peer.IsFull : peer.IsAvailable(now);

    /// <summary>The server at a place in all weights: of three with weights 2, 1, 1 these are 0, 0, 1, 2.</summary>
    private protected static int AtWeight(PeerGroup group, long weight)
    {
        for (var i = 0; ; i++)
        {
            if (weight < group.Peers[i].Weight)
                return i;
            weight -= group.Peers[i].Weight;
        }
    }
}
