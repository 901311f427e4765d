namespace Microcosm.Http;

/// <summary>The servers of an upstream group, and those that are asked when none of them may be.</summary>
public sealed class PeerGroup
{
    /// <summary>A group.</summary>
    public PeerGroup(IReadOnlyList<Peer> peers, IReadOnlyList<Peer>? backups = null)
    {
        Peers = peers;
        WeightTotal = peers.Sum(p => p.Weight);
        if (backups is { Count: > 0 })
            Backup = new PeerGroup(backups);
    }

    /// <summary>The servers.</summary>
    public IReadOnlyList<Peer> Peers { get; }

    /// <summary>The backup servers, or null.</summary>
    public PeerGroup? Backup { get; }

    /// <summary>All weights.</summary>
    public int WeightTotal { get; }

    /// <summary>There is no choice: its one server is asked whatever it did.</summary>
    public bool IsSingle => Peers.Count == 1 && Backup is null;
}
