using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Microcosm.Chubby.Etcd;

/// <summary>The numbers of members and clusters, made as etcd makes them (server/etcdserver/api/membership): clients see them.</summary>
internal static class MemberIds
{
    /// <summary>
    /// A member's number. Founders have the cluster's token in it; one that is added has no token and the second of its adding, so that a
    /// place that is taken anew has another number.
    /// </summary>
    public static ulong Of(IEnumerable<string> peerUrls, string token, long? unixSeconds = null) => FirstOf(Encoding.UTF8.GetBytes(
        string.Concat(peerUrls.Order(StringComparer.Ordinal)) + token + unixSeconds?.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The cluster's number, from its founders'.</summary>
    public static ulong OfCluster(IEnumerable<ulong> founders)
    {
        ulong[] ids = [.. founders.Order()];
        var bytes = new byte[8 * ids.Length];
        for (var i = 0; i < ids.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8 * i), ids[i]);
        return FirstOf(bytes);
    }

    /// <summary>The number that raft has for a member: its numbers are above zero, so one bit of 64 is lost.</summary>
    public static long InRaft(ulong member) => (long)(member & long.MaxValue);

#pragma warning disable CA5350 // etcd's choice; it guards nothing.
    private static ulong FirstOf(byte[] bytes) => BinaryPrimitives.ReadUInt64BigEndian(SHA1.HashData(bytes));
#pragma warning restore CA5350
}
