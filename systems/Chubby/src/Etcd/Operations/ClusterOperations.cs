using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Cluster service. Changes of the members are commands; raft's membership follows (see <see cref="EtcdCluster"/>).</summary>
internal static class ClusterOperations
{
    [EtcdOperation("MemberList", Service = "Cluster")]
    public static async Task<IMessage?> List(EtcdCall call)
    {
        if (call.Take<MemberListRequest>().Linearizable)
            await call.ReadAsync();
        return new MemberListResponse { Header = new ResponseHeader(), Members = { call.Member.Members() } };
    }

    [EtcdOperation("MemberAdd", Service = "Cluster")]
    public static async Task<IMessage?> Add(EtcdCall call)
    {
        var request = call.Take<MemberAddRequest>();
        var urls = PeerUrls.Check(request.PeerURLs);
        call.CheckAdmin();
        await call.Member.Cluster.CheckAddAsync(request.IsLearner);
        var id = MemberIds.Of(urls, token: "", call.Member.Context.Clock.GetUtcNow().ToUnixTimeSeconds());
        var member = new Member { ID = id, PeerURLs = { urls }, IsLearner = request.IsLearner };
        var response = await ChangeAsync(call, new EtcdCommand { MemberAdd = member });
        return new MemberAddResponse { Header = response.Header, Member = member, Members = { response.Members } };
    }

    [EtcdOperation("MemberRemove", Service = "Cluster")]
    public static async Task<IMessage?> Remove(EtcdCall call)
    {
        var request = call.Take<MemberRemoveRequest>();
        call.CheckAdmin();
        await call.Member.Cluster.CheckRemoveAsync(request.ID);
        var response = await ChangeAsync(call, new EtcdCommand { MemberRemove = request });
        return new MemberRemoveResponse { Header = response.Header, Members = { response.Members } };
    }

    [EtcdOperation("MemberUpdate", Service = "Cluster")]
    public static async Task<IMessage?> Update(EtcdCall call)
    {
        call.CheckAdmin();
        var response = await ChangeAsync(call, new EtcdCommand { MemberUpdate = call.Take<MemberUpdateRequest>() });
        return new MemberUpdateResponse { Header = response.Header, Members = { response.Members } };
    }

    [EtcdOperation("MemberPromote", Service = "Cluster")]
    public static async Task<IMessage?> Promote(EtcdCall call)
    {
        var request = call.Take<MemberPromoteRequest>();
        call.CheckAdmin();
        await call.Member.Cluster.CheckPromoteAsync(request.ID);
        var response = await ChangeAsync(call, new EtcdCommand { MemberPromote = request });
        return new MemberPromoteResponse { Header = response.Header, Members = { response.Members } };
    }

    private static async Task<MemberListResponse> ChangeAsync(EtcdCall call, EtcdCommand command) =>
        (MemberListResponse)await call.ProposeAsync(command);
}
