using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>CRC-32C over all versions as etcd keeps them in its "key" bucket, so that members, and a real etcd, can be compared.</summary>
internal static class KeyHash
{
    private const int RevisionBytes = 17;

    /// <param name="keys">The store.</param>
    /// <param name="revision">Versions behind it do not count; 0 for the latest.</param>
    public static uint Of(KeyStore keys, long revision)
    {
        if (revision > 0 && revision <= keys.CompactRevision)
            throw new EtcdException(EtcdErrors.Compacted);
        var last = keys.Readable(revision, keys.Revision);
        var all = new KeyRange(ByteString.Empty, ByteString.CopyFrom(0));
        var isAnyLive = keys.Live(all, last).Any();
        var crc = Add(uint.MaxValue, "key"u8);
        Span<byte> name = stackalloc byte[RevisionBytes + 1];
        foreach (var version in keys.Log.TakeWhile(v => v.Main <= last))
        {
            // Of what a compaction has kept, etcd counts what still lives at the revision of the hash.
            if (version.Main <= keys.CompactRevision && isAnyLive && !ReferenceEquals(version.History.LiveAt(last), version))
                continue;
            BinaryPrimitives.WriteInt64BigEndian(name, version.Main);
            name[8] = (byte)'_';
            BinaryPrimitives.WriteInt64BigEndian(name[9..], version.Sub);
            name[RevisionBytes] = (byte)'t';
            var kv = version.IsTombstone ? new KeyValue { Key = version.Kv.Key } : version.Kv;
            crc = Add(crc, version.IsTombstone ? name : name[..RevisionBytes]);
            crc = Add(crc, kv.ToByteArray());
        }
        return ~crc;
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
