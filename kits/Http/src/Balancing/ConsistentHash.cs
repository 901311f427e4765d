using System.Text;

namespace Microcosm.Http;

/// <summary>
/// The server by a key on a ring of points, 160 for each unit of weight (ketama, as nginx' hash … consistent and Cache::Memcached::Fast
/// place
/// them): a server more or less moves only its own share of keys. Where its server may not be asked, the key's next point is.
/// </summary>
public sealed class ConsistentHash : Balancer
{
    private const int PointsPerWeight = 160;

    private readonly (uint Hash, string Name)[] _points;

    /// <summary>A ring of the group's servers.</summary>
    public ConsistentHash(PeerGroup group)
        : base(group)
    {
        // A stable order, so that of two servers at one point the first in the configuration has it.
        var points = group.Peers.SelectMany(PointsOf).OrderBy(p => p.Hash).ToArray();
        _points = [.. points.Where((p, i) => i == 0 || points[i - 1].Hash != p.Hash)];
    }

    private protected override int Pick(PeerGroup group, Selection selection, long now)
    {
        if (group.Peers.Count < 2 || selection.Key.Length == 0 || selection.IsInBackup || selection.Looks > LooksMax)
            return TakeTurns(group, selection, now);
        if (!selection.HasHash)
        {
            var crc = new Crc32();
            crc.Add(selection.Key);
            (selection.Hash, selection.HasHash) = ((uint)PointAt(crc.Value), true);
        }
        while (selection.Looks <= LooksMax)
        {
            var name = _points[selection.Hash % (uint)_points.Length].Name;
            var i = TakeTurns(group, selection, now, p => p.Name == name);
            if (i >= 0)
                return i;
            selection.Hash++;
            selection.Looks++;
        }
        return TakeTurns(group, selection, now);
    }

    // The first point at or after a hash; behind the last one comes the first.
    private int PointAt(uint hash)
    {
        var (low, high) = (0, _points.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (hash == _points[middle].Hash)
                return middle;
            if (hash > _points[middle].Hash)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    private static IEnumerable<(uint Hash, string Name)> PointsOf(Peer peer)
    {
        var (host, port) = Parts(peer.Name);
        var before = new byte[4];
        for (var i = 0; i < peer.Weight * PointsPerWeight; i++)
        {
            var crc = new Crc32();
            crc.Add(Encoding.UTF8.GetBytes(host));
            crc.Add([0]);
            crc.Add(Encoding.ASCII.GetBytes(port));
            crc.Add(before);
            BitConverter.TryWriteBytes(before, crc.Value);
            yield return (crc.Value, peer.Name);
        }
    }

    private static (string Host, string Port) Parts(string name)
    {
        if (name.StartsWith("unix:", StringComparison.OrdinalIgnoreCase))
            return (name[5..], "");
        var colon = name.LastIndexOf(':');
        return colon >= 0 && name.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0
            ? (name[..colon], name[(colon + 1)..])
            : (name, "");
    }
}
