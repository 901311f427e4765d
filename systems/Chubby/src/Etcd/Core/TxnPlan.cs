using Google.Protobuf.Collections;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>Which way a transaction goes, and those inside it: found out before anything is written, as etcd does.</summary>
internal sealed class TxnPlan
{
    private TxnPlan(bool succeeded, RepeatedField<RequestOp> ops) => (Succeeded, Ops) = (succeeded, ops);

    public bool Succeeded { get; }

    public RepeatedField<RequestOp> Ops { get; }

    /// <summary>Plans of the transactions among <see cref="Ops"/>, in their order.</summary>
    public List<TxnPlan> Inner { get; } = [];

    public static TxnPlan Of(TxnRequest txn, KeyStore keys)
    {
        var succeeded = txn.Compare.All(c => Holds(c, keys));
        var plan = new TxnPlan(succeeded, succeeded ? txn.Success : txn.Failure);
        foreach (var op in plan.Ops)
        {
            if (op.RequestCase == RequestOp.RequestOneofCase.RequestTxn)
                plan.Inner.Add(Of(op.RequestTxn, keys));
        }
        return plan;
    }

    private static bool Holds(Compare compare, KeyStore keys)
    {
        var isAny = false;
        var revision = keys.Revision - (Bug.IsPlanted("etcd/compares-with-the-revision-before") ? 1 : 0);
        foreach (var version in keys.Live(new KeyRange(compare.Key, compare.RangeEnd), revision))
        {
            isAny = true;
            if (!Holds(compare, version.Kv))
                return false;
        }
        // A key that is not there has all numbers 0, but no value: an empty one could not be told from none.
        return isAny || (compare.Target != Compare.Types.CompareTarget.Value && Holds(compare, new KeyValue()));
    }

    private static bool Holds(Compare compare, KeyValue kv)
    {
        var order = compare.Target switch
        {
            Compare.Types.CompareTarget.Value => KeyOrder.Compare(kv.Value, compare.Value),
            Compare.Types.CompareTarget.Create => kv.CreateRevision.CompareTo(compare.CreateRevision),
            Compare.Types.CompareTarget.Mod => kv.ModRevision.CompareTo(compare.ModRevision),
            Compare.Types.CompareTarget.Version => kv.Version.CompareTo(compare.Version),
            Compare.Types.CompareTarget.Lease => kv.Lease.CompareTo(compare.Lease),
            _ => 0,
        };
        return compare.Result switch
        {
            Compare.Types.CompareResult.Equal => order == 0,
            Compare.Types.CompareResult.NotEqual => order != 0,
            Compare.Types.CompareResult.Greater => order > 0,
            Compare.Types.CompareResult.Less => order < 0,
            _ => true,
        };
    }
}
