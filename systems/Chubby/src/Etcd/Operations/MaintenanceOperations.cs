using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Consensus;
using Microcosm.Storage;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Maintenance service.</summary>
internal static class MaintenanceOperations
{
    /// <summary>What etcd's file takes when nothing is in it.</summary>
    public const int EmptyFileBytes = 20_480;
    private const int SnapshotPartBytes = 32 << 10;

    [EtcdOperation("Alarm", Service = "Maintenance")]
    public static async Task<IMessage?> Alarm(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { Alarm = call.Take<AlarmRequest>() });

    [EtcdOperation("Status", Service = "Maintenance")]
    public static Task<IMessage?> Status(EtcdCall call)
    {
        var member = call.Member;
        var raft = member.Replica.Status();
        var bytes = EmptyFileBytes + call.Store.Keys.SizeBytes;
        var response = new StatusResponse
        {
            Header = call.Store.Header(),
            Version = EtcdOptions.Version,
            DbSize = bytes,
            DbSizeInUse = bytes,
            Leader = call.Store.Members.OfRaft(raft.Leader),
            IsLearner = member.Cluster.IsLearner,
            RaftIndex = (ulong)raft.CommitIndex,
            RaftTerm = (ulong)raft.Term,
            RaftAppliedIndex = (ulong)raft.AppliedIndex,
        };
        if (raft.Leader == 0)
            response.Errors.Add(EtcdErrors.NoLeader.Message);
        foreach (var alarm in call.Store.Alarms.All)
        {
            var whose = alarm.MemberID == 0 ? "" : $"memberID:{alarm.MemberID} ";
            response.Errors.Add($"{whose}alarm:{alarm.Alarm.ToString().ToUpperInvariant()} ");
        }
        return Task.FromResult<IMessage?>(response);
    }

    [EtcdOperation("Defragment", Service = "Maintenance")]
    public static Task<IMessage?> Defragment(EtcdCall call)
    {
        CheckAdmin(call);
        // Nothing is ever in pieces here: what is compacted is gone.
        return Task.FromResult<IMessage?>(new DefragmentResponse());
    }

    [EtcdOperation("Hash", Service = "Maintenance")]
    public static Task<IMessage?> Hash(EtcdCall call)
    {
        CheckAdmin(call);
        var crc = uint.MaxValue;
        foreach (var bucket in Buckets(call))
        {
            crc = Crc32C.Add(crc, Encoding.ASCII.GetBytes(bucket.Name));
            foreach (var pair in Enumerable.Range(0, bucket.Count).Select(bucket.PairAt))
            {
                // How far this member has come is not what it holds.
                if (bucket.Name == "meta" && Encoding.ASCII.GetString(pair.Key.Span) is "consistent_index" or "term")
                    continue;
                crc = Crc32C.Add(Crc32C.Add(crc, pair.Key.Span), pair.Value.Span);
            }
        }
        return Task.FromResult<IMessage?>(new HashResponse { Header = call.Store.Header(), Hash = ~crc });
    }

    [EtcdOperation("HashKV", Service = "Maintenance")]
    public static Task<IMessage?> HashKv(EtcdCall call)
    {
        CheckAdmin(call);
        var keys = call.Store.Keys;
        return Task.FromResult<IMessage?>(new HashKVResponse
        {
            Header = call.Store.Header(),
            Hash = KeyHash.Of(keys, call.Take<HashKVRequest>().Revision),
            CompactRevision = keys.CompactRevision,
        });
    }

    /// <summary>The state as etcd's file, then its SHA-256. It is of the moment when the call came; the node goes on meanwhile.</summary>
    [EtcdOperation("Snapshot", Service = "Maintenance")]
    public static async Task<IMessage?> Snapshot(EtcdCall call)
    {
        CheckAdmin(call);
        var file = await BoltWriter.PlanAsync(Buckets(call));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var left = file.Bytes;
        var part = new MemoryStream();
        foreach (var page in file.Pages())
        {
            part.Write(page);
            left -= page.Length;
            if (part.Length < SnapshotPartBytes && left > 0)
                continue;
            var bytes = part.ToArray();
            hash.AppendData(bytes);
            await SendAsync(call, bytes, left);
            part.SetLength(0);
            await Task.Yield();
        }
        await SendAsync(call, hash.GetHashAndReset(), 0);
        return null;
    }

    [EtcdOperation("MoveLeader", Service = "Maintenance")]
    public static async Task<IMessage?> MoveLeader(EtcdCall call)
    {
        var replica = call.Member.Replica;
        if (!replica.IsLeader)
            throw new EtcdException(EtcdErrors.NotLeader);
        var target = call.Take<MoveLeaderRequest>().TargetID;
        if (call.Store.Members.Find(target) is not { IsLearner: false })
            throw new EtcdException(EtcdErrors.BadLeaderTransferee);
        var to = MemberIds.InRaft(target);
        if (to == replica.Leader)
            return new MoveLeaderResponse();
        if (replica.TransferLeadership(to) != RaftRefusal.None)
            throw new EtcdException(EtcdErrors.BadLeaderTransferee);
        await call.Member.LedByAsync(to, call.Cancellation);
        return new MoveLeaderResponse();
    }

    // What etcd's auth store says, as it is: this service alone does not put it into words of its protocol.
    private static void CheckAdmin(EtcdCall call)
    {
        try
        {
            call.CheckAdmin();
        }
        catch (EtcdException e)
        {
            var message = e.Message.Replace("etcdserver: ", "auth: ", StringComparison.Ordinal);
            throw new EtcdException(new EtcdError(StatusCode.Unknown, message));
        }
    }

    private static IReadOnlyList<BoltBucket> Buckets(EtcdCall call) =>
        BackendWriter.Buckets(call.Store, call.Member.Members(), call.Member.Replica.Term);

    private static Task SendAsync(EtcdCall call, byte[] blob, long left)
    {
        var response = new SnapshotResponse { Blob = UnsafeByteOperations.UnsafeWrap(blob), RemainingBytes = (ulong)left };
        return call.Responses!.WriteAsync(response, call.Cancellation);
    }
}
