using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Cluster service. Who is a member is fixed when the world is made.</summary>
internal static class ClusterOperations
{
    private const string Fixed = "members are fixed when the world is made: UNIMPLEMENTED";

    [EtcdOperation("MemberList", Service = "Cluster")]
    public static async Task<IMessage?> List(EtcdCall call)
    {
        if (call.Take<MemberListRequest>().Linearizable)
            await call.ReadAsync();
        return new MemberListResponse { Header = call.Store.Header(), Members = { call.Member.Members() } };
    }

    [EtcdOperation("MemberAdd", Service = "Cluster", Status = OperationStatus.Refused, Deviation = Fixed)]
    public static Task<IMessage?> Add(EtcdCall call) => throw new EtcdException(EtcdErrors.Unimplemented("MemberAdd"));

    [EtcdOperation("MemberRemove", Service = "Cluster", Status = OperationStatus.Refused, Deviation = Fixed)]
    public static Task<IMessage?> Remove(EtcdCall call) => throw Refusal(call, call.Take<MemberRemoveRequest>().ID, "MemberRemove");

    [EtcdOperation("MemberUpdate", Service = "Cluster", Status = OperationStatus.Refused, Deviation = Fixed)]
    public static Task<IMessage?> Update(EtcdCall call) => throw Refusal(call, call.Take<MemberUpdateRequest>().ID, "MemberUpdate");

    [EtcdOperation("MemberPromote", Service = "Cluster", Status = OperationStatus.Refused, Deviation = Fixed)]
    public static Task<IMessage?> Promote(EtcdCall call) => throw Refusal(call, call.Take<MemberPromoteRequest>().ID, "MemberPromote");

    private static EtcdException Refusal(EtcdCall call, ulong id, string method) =>
        new(call.Member.Members().Any(m => m.ID == id) ? EtcdErrors.Unimplemented(method) : EtcdErrors.MemberNotFound);
}
