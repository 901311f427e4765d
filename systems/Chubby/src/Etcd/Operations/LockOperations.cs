using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Lock service: a lock is held as long as its key lives, at most as long as its lease.</summary>
internal static class LockOperations
{
    // As etcd's client library gives a session that brings no lease.
    private const int SessionTtlSeconds = 60;

    [EtcdOperation("Lock", Service = "Lock")]
    public static async Task<IMessage?> Lock(EtcdCall call)
    {
        var request = call.Take<LockRequest>();
        var lease = request.Lease == 0 ? await GrantAsync(call) : request.Lease;
        var queue = new OwnerQueue(call, request.Name);
        var own = await queue.EnterAsync(lease, ByteString.Empty);
        try
        {
            await queue.WaitAsync(own.CreateRevision);
        }
        catch (OperationCanceledException)
        {
            await OwnerQueue.LeaveAsync(call.Member, call.Access(), own.Key, own.CreateRevision);
            throw;
        }
        if (call.Store.Keys.Live(own.Key, call.Store.Keys.Revision)?.Kv.CreateRevision != own.CreateRevision)
            throw new EtcdException(EtcdErrors.SessionExpired);
        return new LockResponse { Header = call.Store.Header(), Key = own.Key };
    }

    [EtcdOperation("Unlock", Service = "Lock")]
    public static async Task<IMessage?> Unlock(EtcdCall call)
    {
        var request = new DeleteRangeRequest { Key = call.Take<UnlockRequest>().Key };
        RequestChecks.Check(request);
        var response = (DeleteRangeResponse)await call.ProposeAsync(new EtcdCommand { DeleteRange = request });
        return new UnlockResponse { Header = response.Header };
    }

    public static async Task<long> GrantAsync(EtcdCall call)
    {
        var id = (long)(call.Member.Random.NextUInt64() & long.MaxValue);
        await call.ProposeAsync(new EtcdCommand { LeaseGrant = new LeaseGrantRequest { ID = id, TTL = SessionTtlSeconds } });
        return id;
    }
}
