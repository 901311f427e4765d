using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Lease service. The leader alone says when a lease has ended; what other members hear of renewals they pass on.</summary>
internal static class LeaseOperations
{
    [EtcdOperation("LeaseGrant", Service = "Lease")]
    public static async Task<IMessage?> Grant(EtcdCall call)
    {
        var request = call.Take<LeaseGrantRequest>();
        while (request.ID == 0)
            request.ID = (long)(call.Member.Random.NextUInt64() & long.MaxValue);
        return await call.ProposeAsync(new EtcdCommand { LeaseGrant = request });
    }

    [EtcdOperation("LeaseRevoke", Service = "Lease")]
    public static async Task<IMessage?> Revoke(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { LeaseRevoke = call.Take<LeaseRevokeRequest>() });

    [EtcdOperation("LeaseKeepAlive", Service = "Lease")]
    public static async Task<IMessage?> KeepAlive(EtcdCall call)
    {
        while (await call.Requests!.MoveNext(call.Cancellation))
        {
            var id = ((LeaseKeepAliveRequest)call.Requests.Current).ID;
            var ttl = await RenewAsync(call, id);
            var response = new LeaseKeepAliveResponse { Header = call.Store.Header(), ID = id, TTL = ttl };
            await call.Responses!.WriteAsync(call.Member.Seal(response));
        }
        return null;
    }

    [EtcdOperation("LeaseTimeToLive", Service = "Lease")]
    public static async Task<IMessage?> TimeToLive(EtcdCall call)
    {
        var request = call.Take<LeaseTimeToLiveRequest>();
        await call.ReadAsync();
        var response = new LeaseTimeToLiveResponse { Header = call.Store.Header(), ID = request.ID, TTL = -1 };
        if (call.Store.Leases.Find(request.ID) is not { } lease)
            return response;
        if (request.Keys)
        {
            new CommandAccess(call.Store, call.Access()).CheckRead(lease);
            response.Keys.AddRange(lease.Keys);
        }
        response.TTL = call.Member.Deadlines.RemainingSeconds(lease.Id, call.Member.NowMs);
        response.GrantedTTL = lease.Ttl;
        return response;
    }

    [EtcdOperation("LeaseLeases", Service = "Lease")]
    public static async Task<IMessage?> Leases(EtcdCall call)
    {
        await call.ReadAsync();
        var response = new LeaseLeasesResponse { Header = call.Store.Header() };
        var byEnd = call.Store.Leases.All.OrderBy(l => call.Member.Deadlines.RemainingSeconds(l.Id, call.Member.NowMs));
        response.Leases.AddRange(byEnd.Select(l => new LeaseStatus { ID = l.Id }));
        return response;
    }

    // 0 tells the client that the lease is no more.
    private static async ValueTask<long> RenewAsync(EtcdCall call, long id)
    {
        var member = call.Member;
        // What was written down of how little is left must go for good, or the next leader goes by it.
        if (!member.Replica.IsLeader || call.Store.Leases.Find(id) is { RemainingTtl: > 0 })
        {
            var renewal = new LeaseRenewal { Ids = { id } };
            var renewed = await member.ProposeAsync(new EtcdCommand { LeaseRenewal = renewal }, call.Cancellation);
            return ((LeaseKeepAliveResponse)renewed).TTL;
        }
        // It may lead no more and not know it.
        if (!Bug.IsPlanted("etcd/lease-renewed-without-asking"))
            await call.ReadAsync();
        if (call.Store.Leases.Find(id) is not { } lease || member.Deadlines.RemainingSeconds(id, member.NowMs) < 0)
            return 0;
        member.Deadlines.Renew(lease, member.NowMs);
        return lease.Ttl;
    }
}
