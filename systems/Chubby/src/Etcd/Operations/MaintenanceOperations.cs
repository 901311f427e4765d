using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Maintenance service.</summary>
internal static class MaintenanceOperations
{
    // What etcd's file takes when nothing is in it.
    private const int EmptyFileBytes = 20_480;

    [EtcdOperation("Alarm", Service = "Maintenance")]
    public static async Task<IMessage?> Alarm(EtcdCall call)
    {
        call.CheckAdmin();
        return await call.ProposeAsync(new EtcdCommand { Alarm = call.Take<AlarmRequest>() });
    }

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
            Leader = raft.Leader == 0 ? 0 : EtcdMember.NumberOf(raft.Leader),
            RaftIndex = (ulong)raft.CommitIndex,
            RaftTerm = (ulong)raft.Term,
            RaftAppliedIndex = (ulong)raft.AppliedIndex,
        };
        if (raft.Leader == 0)
            response.Errors.Add(EtcdErrors.NoLeader.Message);
        foreach (var alarm in call.Store.Alarms.All)
            response.Errors.Add($"memberID:{alarm.MemberID} alarm:{alarm.Alarm.ToString().ToUpperInvariant()} ");
        return Task.FromResult<IMessage?>(response);
    }

    [EtcdOperation("Defragment", Service = "Maintenance")]
    public static Task<IMessage?> Defragment(EtcdCall call)
    {
        call.CheckAdmin();
        // Nothing is ever in pieces here: what is compacted is gone.
        return Task.FromResult<IMessage?>(new DefragmentResponse());
    }

    [EtcdOperation("Hash", Service = "Maintenance", Status = OperationStatus.Partial,
        Deviation = "over keys alone, as HashKV: there is no backend file to hash")]
    public static Task<IMessage?> Hash(EtcdCall call)
    {
        call.CheckAdmin();
        return Task.FromResult<IMessage?>(new HashResponse { Header = call.Store.Header(), Hash = KeyHash.Of(call.Store.Keys, 0) });
    }

    [EtcdOperation("HashKV", Service = "Maintenance")]
    public static Task<IMessage?> HashKv(EtcdCall call)
    {
        call.CheckAdmin();
        var keys = call.Store.Keys;
        return Task.FromResult<IMessage?>(new HashKVResponse
        {
            Header = call.Store.Header(),
            Hash = KeyHash.Of(keys, call.Take<HashKVRequest>().Revision),
            CompactRevision = keys.CompactRevision,
        });
    }

    [EtcdOperation("Snapshot", Service = "Maintenance", Status = OperationStatus.Refused,
        Deviation = "UNIMPLEMENTED: no bbolt file is made")]
    public static Task<IMessage?> Snapshot(EtcdCall call)
    {
        call.CheckAdmin();
        throw new EtcdException(EtcdErrors.Unimplemented("Snapshot"));
    }

    [EtcdOperation("MoveLeader", Service = "Maintenance")]
    public static async Task<IMessage?> MoveLeader(EtcdCall call)
    {
        call.CheckAdmin();
        var replica = call.Member.Replica;
        if (!replica.IsLeader)
            throw new EtcdException(EtcdErrors.NotLeader);
        var target = call.Take<MoveLeaderRequest>().TargetID;
        if (call.Member.Members().FirstOrDefault(m => m.ID == target) is null)
            throw new EtcdException(EtcdErrors.BadLeaderTransferee);
        if (target == EtcdMember.NumberOf(replica.Leader))
            return new MoveLeaderResponse { Header = call.Store.Header() };
        var to = replica.Status().Membership.Voters.First(id => EtcdMember.NumberOf(id) == target);
        if (replica.TransferLeadership(to) != RaftRefusal.None)
            throw new EtcdException(EtcdErrors.BadLeaderTransferee);
        await call.Member.LedByAsync(to, call.Cancellation);
        return new MoveLeaderResponse { Header = call.Store.Header() };
    }
}
