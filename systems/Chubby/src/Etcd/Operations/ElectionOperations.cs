using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Election service: the leader is who owns the name, and the value of its key is what it proclaims.</summary>
internal static class ElectionOperations
{
    [EtcdOperation("Campaign", Service = "Election")]
    public static async Task<IMessage?> Campaign(EtcdCall call)
    {
        var request = call.Take<CampaignRequest>();
        var lease = request.Lease == 0 ? await LockOperations.GrantAsync(call) : request.Lease;
        var queue = new OwnerQueue(call, request.Name);
        var own = await queue.EnterAsync(lease, request.Value);
        if (own.Value != request.Value)
            await ProclaimAsync(call, own.Key, own.CreateRevision, request.Value, lease);
        try
        {
            await queue.WaitAsync(own.CreateRevision);
        }
        catch (OperationCanceledException)
        {
            await OwnerQueue.LeaveAsync(call.Member, call.Access(), own.Key, own.CreateRevision);
            throw;
        }
        var leader = new LeaderKey { Name = request.Name, Key = own.Key, Rev = own.CreateRevision, Lease = lease };
        return new CampaignResponse { Header = call.Store.Header(), Leader = leader };
    }

    [EtcdOperation("Proclaim", Service = "Election")]
    public static async Task<IMessage?> Proclaim(EtcdCall call)
    {
        var request = call.Take<ProclaimRequest>();
        if (request.Leader is not { } leader)
            throw new EtcdException(EtcdErrors.MissingLeaderKey);
        var header = await ProclaimAsync(call, leader.Key, leader.Rev, request.Value, leader.Lease);
        return new ProclaimResponse { Header = header };
    }

    [EtcdOperation("Leader", Service = "Election")]
    public static async Task<IMessage?> Leader(EtcdCall call)
    {
        await call.ReadAsync();
        Check(call);
        var owner = new OwnerQueue(call, call.Take<LeaderRequest>().Name).Owner();
        return owner is null ? throw new EtcdException(EtcdErrors.ElectionNoLeader)
            : new LeaderResponse { Header = call.Store.Header(), Kv = owner };
    }

    [EtcdOperation("Observe", Service = "Election")]
    public static async Task<IMessage?> Observe(EtcdCall call)
    {
        await call.ReadAsync();
        Check(call);
        var queue = new OwnerQueue(call, call.Take<LeaderRequest>().Name);
        var news = new News();
        var watcher = queue.Watch(news);
        try
        {
            KeyValue? told = null;
            while (true)
            {
                if (queue.Owner() is { } owner && !owner.Equals(told))
                {
                    await call.Responses!.WriteAsync(call.Member.Seal(new LeaderResponse { Header = call.Store.Header(), Kv = owner }));
                    told = owner;
                }
                await news.NextAsync(call.Cancellation);
            }
        }
        finally
        {
            call.Member.Hub.Remove(watcher);
        }
    }

    [EtcdOperation("Resign", Service = "Election")]
    public static async Task<IMessage?> Resign(EtcdCall call)
    {
        if (call.Take<ResignRequest>().Leader is not { } leader)
            throw new EtcdException(EtcdErrors.MissingLeaderKey);
        var response = (TxnResponse)await OwnerQueue.LeaveAsync(call.Member, call.Access(), leader.Key, leader.Rev);
        return new ResignResponse { Header = response.Header };
    }

    private static async Task<ResponseHeader> ProclaimAsync(EtcdCall call, ByteString key, long revision, ByteString value, long lease)
    {
        var put = new PutRequest { Key = key, Value = value, Lease = lease };
        var txn = new TxnRequest
        {
            Compare = { OwnerQueue.IsCreatedAt(key, revision) },
            Success = { new RequestOp { RequestPut = put } },
        };
        var response = (TxnResponse)await call.ProposeAsync(new EtcdCommand { Txn = txn });
        return response.Succeeded ? response.Header : throw new EtcdException(EtcdErrors.ElectionNotLeader);
    }

    private static void Check(EtcdCall call)
    {
        var range = KeyRange.Prefix(ByteString.CopyFrom([.. call.Take<LeaderRequest>().Name.Span, (byte)'/']));
        call.Auth.Check(call.Access(), range, Permission.Types.Type.Read);
    }
}
