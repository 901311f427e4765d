using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>Carries out puts, deletes and transactions in one write. What can be refused is refused before the first change.</summary>
internal sealed class TxnWriter(KeyStore keys, LeaseTable leases)
{
    public PutResponse Put(PutRequest request, WriteScope scope)
    {
        CheckPut(request, keys.Revision);
        return DoPut(request, scope);
    }

    public DeleteRangeResponse Delete(DeleteRangeRequest request, WriteScope scope)
    {
        var response = new DeleteRangeResponse();
        var found = scope.Live(new KeyRange(request.Key, request.RangeEnd), scope.Revision).ToList();
        foreach (var version in found)
        {
            scope.Delete(version);
            if (request.PrevKv)
                response.PrevKvs.Add(version.Kv);
        }
        response.Deleted = found.Count;
        response.Header = new ResponseHeader { Revision = scope.Revision };
        return response;
    }

    public TxnResponse Txn(TxnRequest request, WriteScope scope)
    {
        var plan = TxnPlan.Of(request, keys);
        Check(plan);
        var response = Do(plan, scope);
        response.Header = new ResponseHeader { Revision = scope.Revision };
        return response;
    }

    private void Check(TxnPlan plan)
    {
        foreach (var op in plan.Ops)
        {
            if (op.RequestPut is { } put)
                CheckPut(put, keys.Revision);
            else if (op.RequestRange is { } range)
                keys.Readable(range.Revision, keys.Revision);
        }
        foreach (var inner in plan.Inner)
            Check(inner);
    }

    private void CheckPut(PutRequest request, long revision)
    {
        if ((request.IgnoreValue || request.IgnoreLease) && keys.Live(request.Key, revision) is null)
            throw new EtcdException(EtcdErrors.KeyNotFound);
        if (request.Lease != 0)
            leases.Get(request.Lease);
    }

    private static PutResponse DoPut(PutRequest request, WriteScope scope)
    {
        var before = scope.Live(request.Key)?.Kv;
        var value = request.IgnoreValue ? before?.Value ?? ByteString.Empty : request.Value;
        var lease = request.IgnoreLease ? before?.Lease ?? 0 : request.Lease;
        scope.Put(request.Key, value, lease);
        return new PutResponse
        {
            Header = new ResponseHeader { Revision = scope.Revision },
            PrevKv = request.PrevKv ? before : null,
        };
    }

    private TxnResponse Do(TxnPlan plan, WriteScope scope)
    {
        var response = new TxnResponse { Succeeded = plan.Succeeded, Header = new ResponseHeader() };
        var inner = 0;
        foreach (var op in plan.Ops)
        {
            response.Responses.Add(op.RequestCase switch
            {
                RequestOp.RequestOneofCase.RequestRange =>
                    new ResponseOp { ResponseRange = RangeReader.Read(keys, op.RequestRange, scope.Revision) },
                RequestOp.RequestOneofCase.RequestPut => new ResponseOp { ResponsePut = DoPut(op.RequestPut, scope) },
                RequestOp.RequestOneofCase.RequestDeleteRange =>
                    new ResponseOp { ResponseDeleteRange = Delete(op.RequestDeleteRange, scope) },
                _ => new ResponseOp { ResponseTxn = Do(plan.Inner[inner++], scope) },
            });
        }
        return response;
    }
}
