using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// A state out of a file that <c>etcdctl snapshot save</c> made of a real etcd, or of ours. Its members stay behind: ours are others. What
/// is no such file throws <see cref="InvalidDataException"/>.
/// </summary>
internal static class BackendReader
{
    private const int SectorBytes = 512;

    public static EtcdState Read(ReadOnlyMemory<byte> snapshot)
    {
        // A snapshot is the file, which has whole pages, and its hash (etcdctl looks at the length in this way too).
        if (snapshot.Length % SectorBytes != SHA256.HashSizeInBytes)
            throw new InvalidDataException("snapshot missing hash: only what 'etcdctl snapshot save' wrote is taken");
        var file = snapshot[..^SHA256.HashSizeInBytes];
        if (!SHA256.HashData(file.Span).AsSpan().SequenceEqual(snapshot.Span[file.Length..]))
            throw new InvalidDataException("the snapshot's hash is not that of its contents");
        var bolt = new BoltReader(file);
        var state = new EtcdState { Format = EtcdStore.Format };
        ReadKeys(bolt, state);
        foreach (var pair in bolt.Bucket("lease"))
        {
            var lease = Parse(Lease.Parser, pair);
            state.Leases.Add(new StoredLease { Id = lease.ID, Ttl = lease.TTL, RemainingTtl = lease.RemainingTTL });
        }
        ReadAuth(bolt, state);
        state.Alarms.AddRange(bolt.Bucket("alarm").Select(p => AlarmMember.Parser.ParseFrom(p.Key.Span)));
        return state;
    }

    private static void ReadKeys(BoltReader bolt, EtcdState state)
    {
        foreach (var pair in bolt.Bucket("key"))
        {
            var (main, sub, _) = VersionName.Parse(pair.Key.Span);
            var kv = Parse(KeyValue.Parser, pair);
            kv.ModRevision = main;
            state.Versions.Add(new StoredVersion { Kv = kv, Sub = sub });
        }
        var compacted = bolt.Bucket("meta")
            .Where(p => Name(p) is "finishedCompactRev" or "scheduledCompactRev")
            .Select(p => VersionName.Parse(p.Value.Span).Main)
            .DefaultIfEmpty(-1).Max();
        var last = state.Versions.Count > 0 ? state.Versions[^1].Kv.ModRevision : 1;
        (state.Revision, state.CompactRevision) = (Math.Max(last, compacted), -1);
        if (compacted <= 0)
            return;
        // A compaction that etcd has begun counts, however far its file had come.
        var keys = new KeyStore();
        keys.Restore(state);
        keys.Compact(compacted);
        state.Versions.Clear();
        state.Versions.AddRange(keys.Log.Select(v => new StoredVersion { Kv = v.Kv, Sub = v.Sub }));
        state.CompactRevision = compacted;
    }

    private static void ReadAuth(BoltReader bolt, EtcdState state)
    {
        state.AuthRevision = 1;
        foreach (var pair in bolt.Bucket("auth"))
        {
            if (Name(pair) == "authEnabled")
                state.AuthEnabled = pair.Value.Span is [1];
            else if (Name(pair) == "authRevision" && pair.Value.Length == sizeof(ulong))
                state.AuthRevision = BinaryPrimitives.ReadUInt64BigEndian(pair.Value.Span);
        }
        foreach (var pair in bolt.Bucket("authUsers"))
        {
            var user = Parse(User.Parser, pair);
            var (name, password) = (user.Name.ToStringUtf8(), user.Password.ToStringUtf8());
            state.Users.Add(new StoredUser { Name = name, Password = password, Roles = { user.Roles } });
        }
        foreach (var pair in bolt.Bucket("authRoles"))
        {
            var role = Parse(Role.Parser, pair);
            state.Roles.Add(new StoredRole { Name = role.Name.ToStringUtf8(), Permissions = { role.KeyPermission } });
        }
    }

    private static string Name(BoltPair pair) => Encoding.UTF8.GetString(pair.Key.Span);

    private static T Parse<T>(MessageParser<T> parser, BoltPair pair)
        where T : IMessage<T>
    {
        try
        {
            return parser.ParseFrom(pair.Value.Span);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"the value of {Convert.ToHexString(pair.Key.Span)} is no {typeof(T).Name}", e);
        }
    }
}
