using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>Refuses requests that the state does not allow: by the rules of who may do what, and for want of space.</summary>
internal readonly struct CommandAccess(EtcdStore store, Access access)
{
    public void Check(EtcdCommand command)
    {
        switch (command.RequestCase)
        {
            case EtcdCommand.RequestOneofCase.Put:
                CheckSpace();
                Check(command.Put);
                break;
            case EtcdCommand.RequestOneofCase.DeleteRange:
                Check(command.DeleteRange);
                break;
            case EtcdCommand.RequestOneofCase.Txn:
                if (HasPuts(command.Txn))
                    CheckSpace();
                Check(command.Txn);
                break;
            case EtcdCommand.RequestOneofCase.LeaseRevoke:
                CheckLease(command.LeaseRevoke.ID);
                break;
            case >= EtcdCommand.RequestOneofCase.AuthEnable and <= EtcdCommand.RequestOneofCase.RoleRevokePermission:
                store.Auth.CheckAdmin(access);
                break;
            default:
                // The rest asks for nothing, or is the members' own.
                break;
        }
    }

    public void Check(RangeRequest request) => Check(request.Key, request.RangeEnd, Permission.Types.Type.Read);

    /// <summary>A transaction may do all that either of its ways asks for.</summary>
    public void Check(TxnRequest request)
    {
        foreach (var compare in request.Compare)
            Check(compare.Key, compare.RangeEnd, Permission.Types.Type.Read);
        foreach (var op in request.Success.Concat(request.Failure))
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
                    Check(op.RequestTxn);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Reading a lease's keys needs leave to read each of them.</summary>
    public void CheckRead(EtcdLease lease)
    {
        foreach (var key in lease.Keys)
            Check(key, ByteString.Empty, Permission.Types.Type.Read);
    }

    private void Check(PutRequest request)
    {
        Check(request.Key, ByteString.Empty, Permission.Types.Type.Write);
        // What it makes of the key can be found out by its end with the lease.
        CheckLease(request.Lease);
        if (request.PrevKv)
            Check(request.Key, ByteString.Empty, Permission.Types.Type.Read);
    }

    private void Check(DeleteRangeRequest request)
    {
        Check(request.Key, request.RangeEnd, Permission.Types.Type.Write);
        if (request.PrevKv)
            Check(request.Key, request.RangeEnd, Permission.Types.Type.Read);
    }

    private void CheckLease(long id)
    {
        foreach (var key in store.Leases.Find(id)?.Keys ?? [])
            Check(key, ByteString.Empty, Permission.Types.Type.Write);
    }

    private void Check(ByteString key, ByteString end, Permission.Types.Type wanted) =>
        store.Auth.Check(access, new KeyRange(key, end), wanted);

    private void CheckSpace()
    {
        if (store.Alarms.IsOutOfSpace)
            throw new EtcdException(EtcdErrors.NoSpace);
    }

    private static bool HasPuts(TxnRequest txn) => txn.Success.Concat(txn.Failure)
        .Any(o => o.RequestPut is not null || (o.RequestTxn is not null && HasPuts(o.RequestTxn)));
}
