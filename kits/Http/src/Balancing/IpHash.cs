using System.Net.Sockets;

namespace Microcosm.Http;

/// <summary>The server by the client's address: of IPv4 its first three bytes, of IPv6 all (nginx' ip_hash).</summary>
public sealed class IpHash(PeerGroup group) : Balancer(group)
{
    private protected override int Pick(PeerGroup group, Selection selection, long now)
    {
        if (group.Peers.Count < 2 || selection.IsInBackup || selection.Looks > LooksMax)
            return TakeTurns(group, selection, now);
        var bytes = BytesOf(selection);
        if (!selection.HasHash)
            (selection.Hash, selection.HasHash) = (89, true);
        var hash = selection.Hash;
        while (selection.Looks <= LooksMax)
        {
            foreach (var b in bytes)
                hash = (hash * 113 + b) % 6271;
            var i = AtWeight(group, hash % (uint)group.WeightTotal);
            if (!selection.IsTried(i) && group.Peers[i].IsAvailable(now))
            {
                selection.Hash = hash;
                return i;
            }
            selection.Looks++;
        }
        return TakeTurns(group, selection, now);
    }

    // Other addresses hash as three zeros.
    private static byte[] BytesOf(Selection selection) => selection.Client?.AddressFamily switch
    {
        AddressFamily.InterNetwork => selection.Client.GetAddressBytes()[..3],
        AddressFamily.InterNetworkV6 => selection.Client.GetAddressBytes(),
        _ => [0, 0, 0],
    };
}
