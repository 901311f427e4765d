using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;
using static Microcosm.Chubby.Tests.Etcd.StoreDriver;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>What is refused before anything is looked at.</summary>
public sealed class RequestCheckTests
{
    private const int OpsMax = 128;

    [Fact]
    public void Requests_without_a_key_are_refused()
    {
        const string text = "etcdserver: key is not provided";
        Assert.Equal(text, Refusal(() => RequestChecks.Check(new RangeRequest())));
        Assert.Equal(text, Refusal(() => RequestChecks.Check(new PutRequest())));
        Assert.Equal(text, Refusal(() => RequestChecks.Check(new DeleteRangeRequest())));
        Assert.Equal(text, Refusal(() => RequestChecks.Check(new TxnRequest { Compare = { new Compare() } }, OpsMax)));
        Assert.Equal("etcdserver: key not found",
            Refusal(() => RequestChecks.Check(new TxnRequest { Success = { new RequestOp() } }, OpsMax)));
    }

    [Fact]
    public void Puts_that_contradict_themselves_are_refused()
    {
        Assert.Equal("etcdserver: value is provided",
            Refusal(() => RequestChecks.Check(new PutRequest { Key = Bytes("a"), Value = Bytes("1"), IgnoreValue = true })));
        Assert.Equal("etcdserver: lease is provided",
            Refusal(() => RequestChecks.Check(new PutRequest { Key = Bytes("a"), Lease = 1, IgnoreLease = true })));
    }

    [Fact]
    [Trait("Limit", "max-txn-ops")]
    public void Transactions_have_so_many_operations_with_those_inside_them()
    {
        var inner = new TxnRequest();
        for (var i = 0; i < OpsMax - 1; i++)
            inner.Success.Add(PutOp($"k{i}", "1"));
        var outer = new TxnRequest { Success = { new RequestOp { RequestTxn = inner } } };
        RequestChecks.Check(outer, OpsMax);
        inner.Success.Add(PutOp("one more", "1"));
        Assert.Equal("etcdserver: too many operations in txn request", Refusal(() => RequestChecks.Check(outer, OpsMax)));
        RequestChecks.Check(inner, OpsMax);
    }

    [Fact]
    public void No_key_is_written_twice_in_a_transaction()
    {
        static TxnRequest Inner(RequestOp then, RequestOp otherwise) => new() { Success = { then }, Failure = { otherwise } };
        TxnRequest[] refused =
        [
            new() { Success = { PutOp("a", "1"), PutOp("a", "2") } },
            new() { Failure = { PutOp("b", "1"), DeleteOp("a", "c") } },
            new() { Success = { PutOp("a", "1"), new RequestOp { RequestTxn = Inner(PutOp("a", "2"), PutOp("z", "2")) } } },
            new() { Success = { DeleteOp("a", "\0"), new RequestOp { RequestTxn = Inner(PutOp("0", "2"), PutOp("b", "2")) } } },
        ];
        foreach (var txn in refused)
            Assert.Equal("etcdserver: duplicate key given in txn request", Refusal(() => RequestChecks.Check(txn, OpsMax)));
        TxnRequest[] taken =
        [
            new() { Success = { PutOp("a", "1") }, Failure = { PutOp("a", "2") } },
            new() { Success = { DeleteOp("a", "c"), DeleteOp("b", "d"), PutOp("d", "1") } },
            new() { Success = { new RequestOp { RequestTxn = Inner(PutOp("a", "2"), PutOp("a", "3")) } } },
        ];
        foreach (var txn in taken)
            RequestChecks.Check(txn, OpsMax);
    }

    private static string Refusal(Action check) => Assert.Throws<EtcdException>(check).Message;
}
