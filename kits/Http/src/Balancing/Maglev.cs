using System.Text;

namespace Microcosm.Http;

/// <summary>
/// The server by a key in a table that servers fill in turns, each by its own permutation (Eisenbud et al., NSDI 2016, 3.4): shares are
/// almost
/// equal, and a server more or less moves little else than its own share.
/// </summary>
public sealed class Maglev : Balancer
{
    private readonly int[] _table;

    /// <summary>A table for the group's servers.</summary>
    /// <param name="size">Entries, a prime number, well above the number of servers.</param>
    public Maglev(PeerGroup group, int size = 65537)
        : base(group)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, Math.Max(2, group.Peers.Count));
        _table = new int[size];
        Array.Fill(_table, -1);
        Fill(size);
    }

    private protected override int Pick(PeerGroup group, Selection selection, long now)
    {
        if (selection.Key.Length == 0 || selection.IsInBackup || selection.Looks > LooksMax)
            return TakeTurns(group, selection, now);
        while (selection.Looks <= LooksMax)
        {
            var i = _table[Hash(selection.Key, selection.Rehash) % (ulong)_table.Length];
            if (!selection.IsTried(i) && MayBeAsked(group.Peers[i], now))
                return i;
            selection.Rehash++;
            selection.Looks++;
        }
        return TakeTurns(group, selection, now);
    }

    // A server of weight w takes w of the heaviest one's turns.
    private void Fill(int size)
    {
        var peers = Group.Peers;
        var heaviest = peers.Max(p => p.Weight);
        var offset = peers.Select(p => Hash(Encoding.UTF8.GetBytes(p.Name), 1) % (ulong)size).ToArray();
        var skip = peers.Select(p => Hash(Encoding.UTF8.GetBytes(p.Name), 2) % (ulong)(size - 1) + 1).ToArray();
        var credit = new int[peers.Count];
        for (var filled = 0; ;)
        {
            for (var i = 0; i < peers.Count; i++)
            {
                credit[i] += peers[i].Weight;
                if (credit[i] < heaviest)
                    continue;
                credit[i] -= heaviest;
                while (_table[offset[i]] >= 0)
                    offset[i] = (offset[i] + skip[i]) % (ulong)size;
                _table[offset[i]] = i;
                if (++filled == size)
                    return;
            }
        }
    }

    // FNV-1a, and a mixing of its bits (the finaliser of MurmurHash3), since neighbouring keys must not be neighbours in the table.
    private static ulong Hash(ReadOnlySpan<byte> key, int number)
    {
        var hash = 14695981039346656037UL + (uint)number;
        foreach (var b in key)
            hash = (hash ^ b) * 1099511628211UL;
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccdUL;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
