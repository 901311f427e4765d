using Google.Protobuf;
using Google.Protobuf.Collections;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>What of a request can be refused without the state: etcd's checks of its face (v3rpc).</summary>
internal static class RequestChecks
{
    public static void Check(RangeRequest request)
    {
        CheckKey(request.Key);
        if (!Enum.IsDefined(request.SortOrder) || !Enum.IsDefined(request.SortTarget))
            throw new EtcdException(EtcdErrors.InvalidSortOption);
    }

    public static void Check(PutRequest request)
    {
        CheckKey(request.Key);
        if (request.IgnoreValue && request.Value.Length > 0)
            throw new EtcdException(EtcdErrors.ValueProvided);
        if (request.IgnoreLease && request.Lease != 0)
            throw new EtcdException(EtcdErrors.LeaseProvided);
    }

    public static void Check(DeleteRangeRequest request) => CheckKey(request.Key);

    public static void Check(TxnRequest request, int opsMax)
    {
        CheckOps(request, opsMax);
        Overlaps(request.Success);
        Overlaps(request.Failure);
    }

    private static void CheckOps(TxnRequest request, int opsMax)
    {
        var ops = Math.Max(request.Compare.Count, Math.Max(request.Success.Count, request.Failure.Count));
        if (ops > opsMax)
            throw new EtcdException(EtcdErrors.TooManyOps);
        foreach (var compare in request.Compare)
            CheckKey(compare.Key);
        foreach (var op in request.Success.Concat(request.Failure))
            Check(op, opsMax - ops);
    }

    private static void Check(RequestOp op, int opsMax)
    {
        switch (op.RequestCase)
        {
            case RequestOp.RequestOneofCase.RequestRange:
                Check(op.RequestRange);
                break;
            case RequestOp.RequestOneofCase.RequestPut:
                Check(op.RequestPut);
                break;
            case RequestOp.RequestOneofCase.RequestDeleteRange:
                Check(op.RequestDeleteRange);
                break;
            case RequestOp.RequestOneofCase.RequestTxn:
                CheckOps(op.RequestTxn, opsMax);
                break;
            default:
                throw new EtcdException(EtcdErrors.KeyNotFound);
        }
    }

    private static void CheckKey(ByteString key)
    {
        if (key.IsEmpty)
            throw new EtcdException(EtcdErrors.EmptyKey);
    }

    // No key is written twice in one revision. Of an inner transaction either branch may run: each of them must fit what stands outside.
    private static (HashSet<ByteString> Puts, List<KeyRange> Deletes) Overlaps(RepeatedField<RequestOp> ops)
    {
        var puts = new HashSet<ByteString>();
        List<KeyRange> deletes =
        [
            .. ops.Where(o => o.RequestDeleteRange is not null)
                .Select(o => new KeyRange(o.RequestDeleteRange.Key, o.RequestDeleteRange.RangeEnd)),
        ];
        foreach (var op in ops.Where(o => o.RequestTxn is not null))
        {
            var then = Overlaps(op.RequestTxn.Success);
            var otherwise = Overlaps(op.RequestTxn.Failure);
            foreach (var key in then.Puts)
                Add(key, puts, deletes);
            foreach (var key in otherwise.Puts.Where(k => !then.Puts.Contains(k)))
                Add(key, puts, deletes);
            if (otherwise.Puts.Any(k => deletes.Exists(d => d.Contains(k))))
                throw new EtcdException(EtcdErrors.DuplicateKey);
            deletes.AddRange(then.Deletes);
            deletes.AddRange(otherwise.Deletes);
        }
        foreach (var op in ops.Where(o => o.RequestPut is not null))
            Add(op.RequestPut.Key, puts, deletes);
        return (puts, deletes);
    }

    private static void Add(ByteString key, HashSet<ByteString> puts, List<KeyRange> deletes)
    {
        if (deletes.Exists(d => d.Contains(key)) || !puts.Add(key))
            throw new EtcdException(EtcdErrors.DuplicateKey);
    }
}
