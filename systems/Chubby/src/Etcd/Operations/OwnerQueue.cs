using System.Globalization;
using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;
using Microcosm.Runtime;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// Who owns a name: the key under it that was created first. Locks and elections of etcd's client library work so, by the same keys; those
/// who use the library and those who use the services see each other.
/// </summary>
internal sealed class OwnerQueue(EtcdCall call, ByteString name)
{
    private readonly ByteString _prefix = ByteString.CopyFrom([.. name.Span, (byte)'/']);

    /// <summary>The key with which a lease stands in line.</summary>
    public ByteString KeyOf(long lease) =>
        ByteString.CopyFrom([.. _prefix.Span, .. ByteString.CopyFromUtf8(lease.ToString("x", CultureInfo.InvariantCulture)).Span]);

    /// <summary>Stands in line; gives the key as it is, which may have stood there before.</summary>
    public async Task<KeyValue> EnterAsync(long lease, ByteString value)
    {
        var key = KeyOf(lease);
        var txn = new TxnRequest
        {
            Compare = { IsCreatedAt(key, 0) },
            Success = { new RequestOp { RequestPut = new PutRequest { Key = key, Value = value, Lease = lease } } },
            Failure = { new RequestOp { RequestRange = new RangeRequest { Key = key } } },
        };
        var response = (TxnResponse)await call.ProposeAsync(new EtcdCommand { Txn = txn });
        return response.Succeeded
            ? new KeyValue { Key = key, Value = value, Lease = lease, CreateRevision = response.Header.Revision }
            : response.Responses[0].ResponseRange.Kvs[0];
    }

    /// <summary>Waits until nobody stands before a key that was created at <paramref name="revision"/>.</summary>
    public async Task WaitAsync(long revision)
    {
        while (Members().LastOrDefault(kv => kv.CreateRevision < revision) is { } before)
        {
            await DeletedAsync(before.Key);
            // The one before may have left from the middle of the line.
            if (Bug.IsPlanted("etcd/lock-looks-once"))
                return;
        }
    }

    /// <summary>The owner's key, or null.</summary>
    public KeyValue? Owner() => Members().FirstOrDefault();

    /// <summary>Leaves the line, if the key is still the one that entered.</summary>
    public static Task<IMessage> LeaveAsync(EtcdMember member, Access access, ByteString key, long createRevision)
    {
        var txn = new TxnRequest
        {
            Compare = { IsCreatedAt(key, createRevision) },
            Success = { new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = key } } },
        };
        var command = new EtcdCommand { Txn = txn, User = access.User, AuthRevision = access.Revision };
        return member.ProposeAsync(command, CancellationToken.None);
    }

    public static Compare IsCreatedAt(ByteString key, long revision) => new()
    {
        Key = key, Target = Compare.Types.CompareTarget.Create, Result = Compare.Types.CompareResult.Equal, CreateRevision = revision,
    };

    /// <summary>Sees what happens to the keys of the line from now on.</summary>
    public Watcher Watch(IWatchSink sink) => Watch(sink, KeyRange.Prefix(_prefix));

    private IEnumerable<KeyValue> Members()
    {
        var keys = call.Store.Keys;
        return keys.Live(KeyRange.Prefix(_prefix), keys.Revision).Select(v => v.Kv).OrderBy(kv => kv.CreateRevision);
    }

    private Watcher Watch(IWatchSink sink, KeyRange range)
    {
        var watcher = new Watcher(sink, 0, new WatchCreateRequest { Key = range.Key, RangeEnd = range.End });
        call.Member.Hub.Add(watcher, 0);
        return watcher;
    }

    private async Task DeletedAsync(ByteString key)
    {
        var news = new News();
        var watcher = Watch(news, KeyRange.One(key));
        try
        {
            while (call.Store.Keys.Live(key, call.Store.Keys.Revision) is not null)
                await news.NextAsync(call.Cancellation);
        }
        finally
        {
            call.Member.Hub.Remove(watcher);
        }
    }
}
