using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// A state in the buckets of etcd's file (its "backend"): what etcdctl restores and a real etcd goes on with. Tokens are not in it, as in
/// etcd.
/// </summary>
internal static class BackendWriter
{
    /// <summary>What all members are at least; an etcd that is older would not open the file.</summary>
    public const string ClusterVersion = "3.4.0";

    /// <summary>The buckets in the order of names. What they hold is fixed when this returns.</summary>
    public static IReadOnlyList<BoltBucket> Buckets(EtcdStore store, IEnumerable<Member> members, long term) =>
    [
        BoltBucket.Of("alarm", store.Alarms.All.Select(a => new BoltPair(a.ToByteArray(), default))),
        BoltBucket.Of("auth",
        [
            Pair("authEnabled", [store.Auth.IsEnabled ? (byte)1 : (byte)0]),
            Pair("authRevision", BigEndian(store.Auth.Revision)),
        ]),
        BoltBucket.Of("authRoles", store.Auth.Roles.Values.Select(Role)),
        BoltBucket.Of("authUsers", store.Auth.Users.Values.Select(User)),
        BoltBucket.Of("cluster", [Pair("clusterVersion", Encoding.ASCII.GetBytes(ClusterVersion))]),
        Keys(store.Keys),
        // Negative ids stand behind positive ones.
        BoltBucket.Of("lease", store.Leases.All.OrderBy(l => (ulong)l.Id).Select(Lease)),
        BoltBucket.Of("members", members.Select(Member).OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => Pair(m.Name, m.Json))),
        BoltBucket.Of("members_removed", store.Members.Removed.Select(IdOf).Order(StringComparer.Ordinal)
            .Select(id => Pair(id, "removed"u8.ToArray()))),
        BoltBucket.Of("meta", Meta(store, term)),
    ];

    // The log is copied, and its versions never change: the store goes on.
    private static BoltBucket Keys(KeyStore keys)
    {
        var log = keys.Log.ToArray();
        return new BoltBucket("key", log.Length, i => NameBytes(log[i]) + Value(log[i]).CalculateSize(), i => Pair(log[i]));
    }

    /// <summary>What etcd keeps of a version.</summary>
    public static KeyValue Value(KeyVersion version) => version.IsTombstone ? new KeyValue { Key = version.Kv.Key } : version.Kv;

    private static int NameBytes(KeyVersion version) => version.IsTombstone ? VersionName.Bytes + 1 : VersionName.Bytes;

    private static BoltPair Pair(KeyVersion version) => new(VersionName.Of(version), Value(version).ToByteArray());

    private static BoltPair Pair(string key, byte[] value) => new(Encoding.UTF8.GetBytes(key), value);

    private static IEnumerable<BoltPair> Meta(EtcdStore store, long term)
    {
        yield return Pair("consistent_index", BigEndian((ulong)store.AppliedIndex));
        if (store.Keys.CompactRevision > 0)
        {
            yield return Pair("finishedCompactRev", VersionName.Of(store.Keys.CompactRevision));
            yield return Pair("scheduledCompactRev", VersionName.Of(store.Keys.CompactRevision));
        }
        // Since 3.5; 3.4 does not look at it.
        yield return Pair("term", BigEndian((ulong)term));
    }

    private static BoltPair Lease(EtcdLease lease)
    {
        var stored = new Lease { ID = lease.Id, TTL = lease.Ttl, RemainingTTL = lease.RemainingTtl };
        return new BoltPair(BigEndian((ulong)lease.Id), stored.ToByteArray());
    }

    private static BoltPair User(EtcdUser user)
    {
        var stored = new User
        {
            Name = ByteString.CopyFromUtf8(user.Name),
            Password = ByteString.CopyFromUtf8(user.Password),
            Roles = { user.Roles },
            Options = new UserAddOptions { NoPassword = user.Password.Length == 0 },
        };
        return Pair(user.Name, stored.ToByteArray());
    }

    private static BoltPair Role(EtcdRole role) => Pair(role.Name,
        new Role { Name = ByteString.CopyFromUtf8(role.Name), KeyPermission = { role.Permissions } }.ToByteArray());

    private static (string Name, byte[] Json) Member(Member member)
    {
        var json = new JsonObject
        {
            ["id"] = member.ID,
            ["peerURLs"] = new JsonArray([.. member.PeerURLs.Select(u => (JsonNode)u)]),
            ["name"] = member.Name,
            ["clientURLs"] = new JsonArray([.. member.ClientURLs.Select(u => (JsonNode)u)]),
        };
        if (member.IsLearner)
            json["isLearner"] = true;
        return (IdOf(member.ID), Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    private static string IdOf(ulong id) => id.ToString("x", CultureInfo.InvariantCulture);

    private static byte[] BigEndian(ulong number)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, number);
        return bytes;
    }
}
