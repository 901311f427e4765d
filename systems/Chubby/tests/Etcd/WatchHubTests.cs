using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;
using static Microcosm.Chubby.Tests.Etcd.StoreDriver;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Watches over a store, without a stream.</summary>
public sealed class WatchHubTests
{
    private readonly StoreDriver _store = new();
    private readonly WatchHub _hub;
    private readonly Sink _sink = new();

    public WatchHubTests()
    {
        _hub = new WatchHub(_store.Store, revision => new ResponseHeader { Revision = revision }, fragmentBytes: 200);
        _store.Store.Observer = new Follower(_hub);
    }

    [Fact]
    public void A_watch_sees_what_comes_and_no_other_key()
    {
        Watch("a");
        _store.Put("a", "1");
        _store.Put("b", "1");
        _store.Delete("a");
        Assert.Equal(["2: put a=1", "4: delete a"], _sink.Taken);
    }

    [Fact]
    public void A_watch_from_an_earlier_revision_catches_up_and_then_goes_on()
    {
        _store.Put("a", "1");
        _store.Put("a", "2");
        _store.Put("b", "1");
        Watch("a", end: "\0", from: 3);
        _store.Put("c", "1");
        Assert.Equal(["4: put a=2, put b=1", "5: put c=1"], _sink.Taken);
    }

    [Fact]
    public void A_watch_from_a_later_revision_waits_for_it()
    {
        Watch("a", from: 4);
        _store.Put("a", "2");
        _store.Put("a", "3");
        _store.Put("a", "4");
        Assert.Equal(["4: put a=4"], _sink.Taken);
    }

    [Fact]
    public void Changes_of_a_revision_come_together_and_filters_hold_back_what_is_not_wanted()
    {
        _store.Put("a", "0");
        Watch("a", end: "\0");
        Watch("a", end: "\0", with: r => r.Filters.Add(WatchCreateRequest.Types.FilterType.Noput), id: 1);
        _store.Txn(new TxnRequest { Success = { PutOp("b", "1"), DeleteOp("a"), PutOp("c", "1") } });
        Assert.Equal(["3: put b=1, delete a, put c=1", "3: delete a"], _sink.Taken.Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public void What_was_before_comes_along_where_it_is_asked_for()
    {
        _store.Put("a", "1");
        Watch("a", with: r => r.PrevKv = true);
        _store.Put("a", "2");
        _store.Delete("a");
        Assert.Equal(["1", "2"], _sink.Responses.Select(r => r.Events.Single().PrevKv.Value.ToStringUtf8()));
    }

    [Fact]
    public void A_watch_behind_a_compaction_is_told_and_ends()
    {
        _store.Put("a", "1");
        _store.Put("a", "2");
        _store.Compact(3);
        Watch("a", from: 2);
        var response = Assert.Single(_sink.Responses);
        Assert.Equal((true, 3), (response.Canceled, response.CompactRevision));
        Assert.Equal(0, _hub.Count);
        Watch("a", from: 3, id: 1);
        Assert.Equal("3: put a=2", _sink.Taken.Last());
    }

    [Fact]
    public void A_watch_from_a_compacted_revision_on_sees_the_deletion_of_that_revision()
    {
        _store.Put("a", "1");
        _store.Delete("a");
        _store.Compact(3);
        Watch("a", from: 3);
        Assert.Equal("3: delete a", _sink.Taken.Last());
        _store.Put("b", "1");
        _store.Compact(4);
        Assert.Equal(["b"], _store.Store.Keys.Log.Select(v => v.Kv.Key.ToStringUtf8()));
    }

    [Fact]
    public void A_snapshot_that_is_compacted_ends_watches_that_missed_something_and_no_quiet_ones()
    {
        Watch("quiet");
        _store.Put("a", "1");
        _store.Put("a", "2");
        var another = new StoreDriver();
        for (var i = 1; i <= 6; i++)
            another.Put(i == 5 ? "quiet" : "a", $"{i}");
        another.Compact(3);
        _store.Store.Restore(another.Store.Save());
        Assert.Equal(["7: put quiet=5"], _sink.Taken);
        another.Compact(7);
        Watch("late", from: 4, id: 1);
        _store.Store.Restore(another.Store.Save());
        another.Put("a", "7");
        another.Put("a", "8");
        another.Compact(9);
        _sink.Responses.Clear();
        _store.Store.Restore(another.Store.Save());
        Assert.All(_sink.Responses, r => Assert.Equal((true, 9), (r.Canceled, r.CompactRevision)));
        Assert.Equal(2, _sink.Responses.Count);
    }

    [Fact]
    public void A_sink_that_is_full_misses_nothing()
    {
        Watch("a");
        _sink.IsFull = true;
        _store.Put("a", "1");
        _store.Put("a", "2");
        Assert.Empty(_sink.Taken);
        Assert.Equal(1, _hub.UnsyncedCount);
        _sink.IsFull = false;
        _hub.CatchUp(_sink);
        _store.Put("a", "3");
        Assert.Equal(["3: put a=1, put a=2", "4: put a=3"], _sink.Taken);
        Assert.Equal(0, _hub.UnsyncedCount);
    }

    [Fact]
    public void A_large_response_comes_in_fragments_where_it_may()
    {
        Watch("a", end: "\0", with: r => r.Fragment = true);
        var txn = new TxnRequest();
        for (var i = 0; i < 8; i++)
            txn.Success.Add(PutOp($"k{i}", new string('x', 50)));
        _store.Txn(txn);
        Assert.True(_sink.Responses.Count > 1);
        Assert.Equal(8, _sink.Responses.Sum(r => r.Events.Count));
        Assert.All(_sink.Responses.SkipLast(1), r => Assert.True(r.Fragment));
        Assert.False(_sink.Responses.Last().Fragment);
    }

    [Fact]
    public void Quiet_watches_hear_how_far_they_are()
    {
        Watch("quiet", with: r => r.ProgressNotify = true);
        Watch("busy", with: r => r.ProgressNotify = true, id: 1);
        _store.Put("busy", "1");
        _sink.Responses.Clear();
        _hub.NotifyProgress();
        var notice = Assert.Single(_sink.Responses);
        Assert.Equal((0, 2, 0), (notice.WatchId, notice.Header.Revision, notice.Events.Count));
    }

    [Fact]
    public void A_watch_that_is_removed_sees_nothing_more()
    {
        var watcher = Watch("a");
        _hub.Remove(watcher);
        _store.Put("a", "1");
        Assert.Empty(_sink.Taken);
        Assert.Equal(0, _hub.Count);
    }

    private Watcher Watch(string key, string end = "", long from = 0, Action<WatchCreateRequest>? with = null, long id = 0)
    {
        var request = new WatchCreateRequest { Key = Bytes(key), RangeEnd = Bytes(end) };
        with?.Invoke(request);
        var watcher = new Watcher(_sink, id, request);
        _hub.Add(watcher, from);
        return watcher;
    }

    private sealed class Sink : IWatchSink
    {
        public List<WatchResponse> Responses { get; } = [];

        public bool IsFull { get; set; }

        public IEnumerable<string> Taken => Responses.Select(r => $"{r.Header.Revision}: {string.Join(", ", r.Events.Select(Shown))}");

        public void Take(WatchResponse response) => Responses.Add(response);

        private static string Shown(Event e) => e.Type == Event.Types.EventType.Delete
            ? $"delete {e.Kv.Key.ToStringUtf8()}" : $"put {e.Kv.Key.ToStringUtf8()}={e.Kv.Value.ToStringUtf8()}";
    }

    private sealed class Follower(WatchHub hub) : IEtcdObserver
    {
        public void Changed(IReadOnlyList<KeyVersion> versions) => hub.Changed(versions);

        public void LeaseSet(EtcdLease lease)
        {
        }

        public void LeaseRenewed(EtcdLease lease)
        {
        }

        public void LeaseGone(long id)
        {
        }

        public void MembersChanged()
        {
        }

        public void Restored(long seen) => hub.Restored(seen);
    }
}
