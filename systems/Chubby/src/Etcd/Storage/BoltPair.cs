namespace Microcosm.Chubby.Etcd;

/// <summary>A key of a bucket and its value.</summary>
internal readonly record struct BoltPair(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value)
{
    public int Bytes => Key.Length + Value.Length;
}
