using System.Text;

namespace Microcosm.Http;

/// <summary>
/// The server by a key's CRC-32, as Cache::Memcached has it (nginx' hash): a server more or less moves most keys. A key whose server may
/// not be
/// asked is hashed again with a number before it.
/// </summary>
public sealed class KeyHash(PeerGroup group) : Balancer(group)
{
    private protected override int Pick(PeerGroup group, Selection selection, long now)
    {
        if (group.Peers.Count < 2 || selection.Key.Length == 0 || selection.IsInBackup || selection.Looks > LooksMax)
            return TakeTurns(group, selection, now);
        while (selection.Looks <= LooksMax)
        {
            var crc = new Crc32();
            if (selection.Rehash > 0)
                crc.Add(Encoding.ASCII.GetBytes(selection.Rehash.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            crc.Add(selection.Key);
            selection.Hash += crc.Value >> 16 & 0x7fff;
            selection.Rehash++;
            var i = AtWeight(group, selection.Hash % (uint)group.WeightTotal);
            if (!selection.IsTried(i) && group.Peers[i].IsAvailable(now))
                return i;
            selection.Looks++;
        }
        return TakeTurns(group, selection, now);
    }
}
