using Google.Protobuf;
using Microcosm.Storage;

namespace Microcosm.Chubby.Etcd;

/// <summary>CRC-32C over all versions as etcd keeps them in its "key" bucket, so that members, and a real etcd, can be compared.</summary>
internal static class KeyHash
{
    /// <param name="keys">The store.</param>
    /// <param name="revision">Versions behind it do not count; 0 for the latest.</param>
    public static uint Of(KeyStore keys, long revision)
    {
        if (revision > 0 && revision <= keys.CompactRevision)
            throw new EtcdException(EtcdErrors.Compacted);
        var last = keys.Readable(revision, keys.Revision);
        var all = new KeyRange(ByteString.Empty, ByteString.CopyFrom(0));
        var isAnyLive = keys.Live(all, last).Any();
        var crc = Crc32C.Add(uint.MaxValue, "key"u8);
        foreach (var version in keys.Log.TakeWhile(v => v.Main <= last))
        {
            // Of what a compaction has kept, etcd counts what still lives at the revision of the hash; of deletions it keeps none.
            if (version.Main <= keys.CompactRevision
                && (version.IsTombstone || (isAnyLive && !ReferenceEquals(version.History.LiveAt(last), version))))
                continue;
            crc = Crc32C.Add(crc, VersionName.Of(version));
            crc = Crc32C.Add(crc, BackendWriter.Value(version).ToByteArray());
        }
        return ~crc;
    }
}
