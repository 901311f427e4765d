using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;
using static Microcosm.Chubby.Tests.Etcd.StoreDriver;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Keys, transactions, leases, snapshots: the store without anything around it.</summary>
public sealed class EtcdStoreTests
{
    private readonly StoreDriver _store = new();

    [Fact]
    public void A_put_counts_revision_and_version_and_a_deleted_key_begins_anew()
    {
        _store.Put("a", "1");
        Assert.Equal("1", _store.Put("a", "2", prevKv: true).PrevKv.Value.ToStringUtf8());
        var kv = _store.Range("a").Kvs.Single();
        Assert.Equal((2, 3, 2), (kv.CreateRevision, kv.ModRevision, kv.Version));
        Assert.Equal(1, _store.Delete("a").Deleted);
        Assert.Equal(4, _store.Revision);
        Assert.Equal(0, _store.Delete("a").Deleted);
        Assert.Equal(4, _store.Revision);
        _store.Put("a", "3");
        Assert.Equal(1, _store.Range("a").Kvs.Single().Version);
        Assert.Equal("a=2", _store.Shown("a", revision: 3));
        Assert.Equal("", _store.Shown("a", revision: 4));
    }

    [Fact]
    public void Ranges_are_cut_sorted_and_filtered()
    {
        foreach (var (key, value) in new[] { ("a", "3"), ("b", "2"), ("c", "1"), ("b", "9") })
            _store.Put(key, value);
        Assert.Equal("a=3 b=9", _store.Shown("a", "c"));
        Assert.Equal("b=9 c=1", _store.Shown("b", "\0"));
        var cut = _store.Range("a", "\0", with: r => r.Limit = 2);
        Assert.Equal((2, true, 3), (cut.Kvs.Count, cut.More, cut.Count));
        Assert.Equal("c=1 a=3 b=9", _store.Shown("a", "\0", with: r => r.SortTarget = RangeRequest.Types.SortTarget.Value));
        Assert.Equal("c=1 b=9 a=3", _store.Shown("a", "\0", with: r => r.SortOrder = RangeRequest.Types.SortOrder.Descend));
        Assert.Equal("b=9", _store.Shown("a", "\0", with: r => r.MinModRevision = 5));
        Assert.Equal("a=3 b=9", _store.Shown("a", "\0", with: r => r.MaxCreateRevision = 3));
        Assert.Equal("a= b= c=", _store.Shown("a", "\0", with: r => r.KeysOnly = true));
        var counted = _store.Range("a", "\0", with: r => r.CountOnly = true);
        Assert.Equal((0, 3), (counted.Kvs.Count, counted.Count));
    }

    [Fact]
    public void Compaction_forgets_what_reading_later_does_not_need()
    {
        _store.Put("a", "1");
        _store.Put("a", "2");
        _store.Put("gone", "1");
        _store.Delete("gone");
        _store.Put("a", "3");
        _store.Compact(5);
        Assert.Equal("a=2", _store.Shown("a", revision: 5));
        Assert.Equal("etcdserver: mvcc: required revision has been compacted",
            Assert.Throws<EtcdException>(() => _store.Shown("a", revision: 4)).Message);
        Assert.Equal("etcdserver: mvcc: required revision is a future revision",
            Assert.Throws<EtcdException>(() => _store.Shown("a", revision: 7)).Message);
        // The deletion at 5 itself stays, for watches from there on.
        Assert.Equal(3, _store.Store.Keys.Log.Count);
        Assert.Contains("compacted", _store.Refusal(new EtcdCommand { Compaction = new CompactionRequest { Revision = 5 } }));
        Assert.Contains("future", _store.Refusal(new EtcdCommand { Compaction = new CompactionRequest { Revision = 99 } }));
    }

    // The numbers are those of etcd 3.4.23 for the same commands.
    [Fact]
    public void The_hash_of_keys_is_etcds()
    {
        _store.Put("a", "1");
        Assert.Equal(2_587_454_935u, KeyHash.Of(_store.Store.Keys, 0));
        _store.Put("b", "2");
        Assert.Equal(1_827_592_406u, KeyHash.Of(_store.Store.Keys, 0));
        _store.Delete("a");
        Assert.Equal(1_562_576_432u, KeyHash.Of(_store.Store.Keys, 0));
        _store.Put("a", "3");
        Assert.Equal(2_804_068_566u, KeyHash.Of(_store.Store.Keys, 0));
        _store.Compact(4);
        Assert.Equal(1_767_588_491u, KeyHash.Of(_store.Store.Keys, 0));
    }

    [Fact]
    public void A_transaction_is_one_revision_and_sees_its_own_writes()
    {
        _store.Put("k", "1");
        var txn = new TxnRequest
        {
            Compare = { new Compare { Key = Bytes("k"), Target = Compare.Types.CompareTarget.Value, Value = Bytes("1") } },
            Success = { PutOp("k", "2"), new RequestOp { RequestRange = new RangeRequest { Key = Bytes("k") } }, PutOp("l", "1") },
            Failure = { DeleteOp("k") },
        };
        var response = _store.Txn(txn);
        Assert.True(response.Succeeded);
        Assert.Equal("2", response.Responses[1].ResponseRange.Kvs.Single().Value.ToStringUtf8());
        Assert.Equal((3, 3), (response.Header.Revision, _store.Revision));
        Assert.Equal(3, _store.Range("l").Kvs.Single().ModRevision);
        Assert.False(_store.Txn(txn).Succeeded);
        Assert.Equal("", _store.Shown("k"));
    }

    [Fact]
    public void Inner_transactions_go_by_the_state_before_the_outer_one()
    {
        var inner = new TxnRequest
        {
            Compare = { new Compare { Key = Bytes("a"), Target = Compare.Types.CompareTarget.Version, Version = 0 } },
            Success = { PutOp("b", "none before") },
            Failure = { PutOp("b", "some before") },
        };
        _store.Txn(new TxnRequest { Success = { PutOp("a", "1"), new RequestOp { RequestTxn = inner } } });
        Assert.Equal("a=1 b=none before", _store.Shown("a", "\0"));
    }

    [Fact]
    public void A_comparison_with_a_range_holds_for_all_of_it()
    {
        _store.Put("p1", "x");
        _store.Put("p2", "y");
        var compare = new Compare
        {
            Key = Bytes("p"), RangeEnd = Bytes("q"), Target = Compare.Types.CompareTarget.Create,
            Result = Compare.Types.CompareResult.Less, CreateRevision = 4,
        };
        Assert.True(_store.Txn(new TxnRequest { Compare = { compare } }).Succeeded);
        compare.CreateRevision = 3;
        Assert.False(_store.Txn(new TxnRequest { Compare = { compare } }).Succeeded);
    }

    [Fact]
    public void A_refused_transaction_changes_nothing()
    {
        var leased = new RequestOp { RequestPut = new PutRequest { Key = Bytes("b"), Lease = 7 } };
        var txn = new TxnRequest { Success = { PutOp("a", "1"), leased } };
        Assert.Equal("etcdserver: requested lease not found", _store.Refusal(new EtcdCommand { Txn = txn }));
        Assert.Equal(("", 1L), (_store.Shown("a", "\0"), _store.Revision));
    }

    [Fact]
    public void Keys_go_with_their_lease_in_one_revision_and_free_themselves_by_a_put()
    {
        _store.Grant(7);
        _store.Put("a", "1", lease: 7);
        _store.Put("b", "1", lease: 7);
        _store.Put("c", "1", lease: 7);
        _store.Put("c", "2");
        Assert.Equal(["a", "b"], _store.Store.Leases.Get(7).Keys.Select(k => k.ToStringUtf8()));
        var revoke = new EtcdCommand { LeaseRevoke = new LeaseRevokeRequest { ID = 7 } };
        Assert.Equal(6, _store.Apply<LeaseRevokeResponse>(revoke).Header.Revision);
        Assert.Equal("c=2", _store.Shown("a", "\0"));
        Assert.Equal("etcdserver: requested lease not found", _store.Refusal(revoke));
    }

    [Fact]
    public void Leases_are_refused_and_stretched_as_etcd_does()
    {
        _store.Grant(1, ttl: 1);
        Assert.Equal(2, _store.Store.Leases.Get(1).Ttl);
        Assert.Equal("etcdserver: lease already exists",
            _store.Refusal(new EtcdCommand { LeaseGrant = new LeaseGrantRequest { ID = 1, TTL = 9 } }));
        Assert.Equal("etcdserver: too large lease TTL",
            _store.Refusal(new EtcdCommand { LeaseGrant = new LeaseGrantRequest { ID = 2, TTL = 9_000_000_001 } }));
    }

    [Fact]
    public void Without_space_only_what_frees_it_goes_on()
    {
        _store.Put("a", "1");
        var alarm = new AlarmRequest { Action = AlarmRequest.Types.AlarmAction.Activate, Alarm = AlarmType.Nospace, MemberID = 1 };
        _store.Apply<AlarmResponse>(new EtcdCommand { Alarm = alarm });
        Assert.Equal("etcdserver: mvcc: database space exceeded",
            _store.Refusal(new EtcdCommand { Put = new PutRequest { Key = Bytes("b") } }));
        Assert.Equal("etcdserver: mvcc: database space exceeded",
            _store.Refusal(new EtcdCommand { Txn = new TxnRequest { Success = { PutOp("b", "1") } } }));
        _store.Delete("a");
        _store.Compact(3);
        alarm.Action = AlarmRequest.Types.AlarmAction.Deactivate;
        Assert.Single(_store.Apply<AlarmResponse>(new EtcdCommand { Alarm = alarm }).Alarms);
        _store.Put("b", "1");
    }

    [Fact]
    public void A_restored_store_is_the_saved_one_and_goes_on_alike()
    {
        _store.Grant(7);
        _store.Put("a", "1", lease: 7);
        _store.Put("a", "2");
        _store.Put("b", "1", lease: 7);
        _store.Delete("a");
        _store.Compact(3);
        _store.Apply<AuthUserAddResponse>(new EtcdCommand { UserAdd = new AuthUserAddRequest { Name = "u", HashedPassword = "h" } });
        var saved = _store.Store.Save();
        var other = new StoreDriver();
        other.Put("forgotten", "1");
        other.Store.Restore(saved);
        Assert.Equal(saved.ToArray(), other.Store.Save().ToArray());
        foreach (var store in new[] { _store, other })
            store.Apply<LeaseRevokeResponse>(new EtcdCommand { LeaseRevoke = new LeaseRevokeRequest { ID = 7 } });
        Assert.Equal(_store.Store.Save().ToArray(), other.Store.Save().ToArray());
        Assert.Equal("", other.Shown("a", "\0"));
    }
}
