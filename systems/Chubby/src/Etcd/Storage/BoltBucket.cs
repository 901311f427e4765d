namespace Microcosm.Chubby.Etcd;

/// <summary>What goes into a bucket, in the order of keys. Pairs are made when they are written, so that a large bucket is never all
/// there.</summary>
/// <param name="Name">Letters of ASCII.</param>
/// <param name="Count">How many pairs.</param>
/// <param name="BytesOf">How long key and value of a pair are together.</param>
/// <param name="PairAt">Makes a pair; the same one each time.</param>
internal sealed record BoltBucket(string Name, int Count, Func<int, int> BytesOf, Func<int, BoltPair> PairAt)
{
    /// <summary>A bucket of few pairs.</summary>
    public static BoltBucket Of(string name, IEnumerable<BoltPair> pairs)
    {
        var all = pairs.ToArray();
        return new BoltBucket(name, all.Length, i => all[i].Bytes, i => all[i]);
    }
}
