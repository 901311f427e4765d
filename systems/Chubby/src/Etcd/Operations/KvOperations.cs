using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>The KV service: reads go by what was agreed on, unless the client says that this member's own state will do.</summary>
internal static class KvOperations
{
    [EtcdOperation("Range", Service = "KV")]
    public static async Task<IMessage?> Range(EtcdCall call)
    {
        var request = call.Take<RangeRequest>();
        RequestChecks.Check(request);
        if (!request.Serializable && !Bug.IsPlanted("etcd/read-without-read-index"))
            await call.ReadAsync();
        new CommandAccess(call.Store, call.Access()).Check(request);
        return RangeReader.Read(call.Store.Keys, request, call.Store.Keys.Revision);
    }

    [EtcdOperation("Put", Service = "KV")]
    public static async Task<IMessage?> Put(EtcdCall call)
    {
        var request = call.Take<PutRequest>();
        RequestChecks.Check(request);
        return await call.ProposeAsync(new EtcdCommand { Put = request });
    }

    [EtcdOperation("DeleteRange", Service = "KV")]
    public static async Task<IMessage?> DeleteRange(EtcdCall call)
    {
        var request = call.Take<DeleteRangeRequest>();
        RequestChecks.Check(request);
        return await call.ProposeAsync(new EtcdCommand { DeleteRange = request });
    }

    [EtcdOperation("Txn", Service = "KV")]
    public static async Task<IMessage?> Txn(EtcdCall call)
    {
        var request = call.Take<TxnRequest>();
        RequestChecks.Check(request, call.Member.Options.MaxTxnOps);
        var ops = request.Success.Concat(request.Failure);
        // What writes nothing need not be agreed on.
        if (ops.Any(o => o.RequestRange is null))
            return await call.ProposeAsync(new EtcdCommand { Txn = request });
        if (ops.Any(o => !o.RequestRange.Serializable))
            await call.ReadAsync();
        new CommandAccess(call.Store, call.Access()).Check(request);
        var scope = new WriteScope(call.Store.Keys, call.Store.Leases);
        return new TxnWriter(call.Store.Keys, call.Store.Leases).Txn(request, scope);
    }

    [EtcdOperation("Compact", Service = "KV")]
    public static async Task<IMessage?> Compact(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { Compaction = call.Take<CompactionRequest>() });
}
