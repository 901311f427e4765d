using Google.Protobuf;
using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>A store alone, with commands that are short to write.</summary>
internal sealed class StoreDriver
{
    private long _index;

    public EtcdStore Store { get; } = new(leaseTtlMinS: 2);

    public string User { get; set; } = "";

    public long Revision => Store.Keys.Revision;

    public static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);

    /// <summary>The response; a refusal throws.</summary>
    public T Apply<T>(EtcdCommand command)
        where T : IMessage
    {
        if (User.Length > 0)
            (command.User, command.AuthRevision) = (User, Store.Auth.Revision);
        return Store.Apply(++_index, command.ToByteArray()) switch
        {
            EtcdError error => throw new EtcdException(error),
            var response => (T)response!,
        };
    }

    public string Refusal(EtcdCommand command) => Assert.Throws<EtcdException>(() => Apply<IMessage>(command)).Message;

    public PutResponse Put(string key, string value, long lease = 0, bool prevKv = false) => Apply<PutResponse>(
        new EtcdCommand { Put = new PutRequest { Key = Bytes(key), Value = Bytes(value), Lease = lease, PrevKv = prevKv } });

    public DeleteRangeResponse Delete(string key, string end = "") => Apply<DeleteRangeResponse>(
        new EtcdCommand { DeleteRange = new DeleteRangeRequest { Key = Bytes(key), RangeEnd = Bytes(end) } });

    public TxnResponse Txn(TxnRequest txn) => Apply<TxnResponse>(new EtcdCommand { Txn = txn });

    public void Compact(long revision) =>
        Apply<CompactionResponse>(new EtcdCommand { Compaction = new CompactionRequest { Revision = revision } });

    public void Grant(long id, long ttl = 60) =>
        Apply<LeaseGrantResponse>(new EtcdCommand { LeaseGrant = new LeaseGrantRequest { ID = id, TTL = ttl } });

    public RangeResponse Range(string key, string end = "", long revision = 0, Action<RangeRequest>? with = null)
    {
        var request = new RangeRequest { Key = Bytes(key), RangeEnd = Bytes(end), Revision = revision };
        with?.Invoke(request);
        return RangeReader.Read(Store.Keys, request, Store.Keys.Revision);
    }

    /// <summary>"key=value key=value".</summary>
    public string Shown(string key, string end = "", long revision = 0, Action<RangeRequest>? with = null) =>
        string.Join(' ', Range(key, end, revision, with).Kvs.Select(kv => $"{kv.Key.ToStringUtf8()}={kv.Value.ToStringUtf8()}"));

    public static RequestOp PutOp(string key, string value) =>
        new() { RequestPut = new PutRequest { Key = Bytes(key), Value = Bytes(value) } };

    public static RequestOp DeleteOp(string key, string end = "") =>
        new() { RequestDeleteRange = new DeleteRangeRequest { Key = Bytes(key), RangeEnd = Bytes(end) } };
}
