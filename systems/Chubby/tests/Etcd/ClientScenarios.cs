using System.Globalization;
using System.Threading.Channels;
using dotnet_etcd;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Mvccpb;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>What programs do with dotnet-etcd; each gives what they see, without what differs between two clusters.</summary>
internal static class ClientScenarios
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static IReadOnlyDictionary<string, Func<EtcdClient, Task<string>>> All { get; } =
        new Dictionary<string, Func<EtcdClient, Task<string>>>
    {
        ["keys"] = KeysAsync,
        ["revisions"] = RevisionsAsync,
        ["transactions"] = TransactionsAsync,
        ["watches"] = WatchesAsync,
        ["leases"] = LeasesAsync,
        ["locks"] = LocksAsync,
        ["elections"] = ElectionsAsync,
        ["maintenance"] = MaintenanceAsync,
        ["members"] = MembersAsync,
        ["users"] = UsersAsync,
    };

    private static async Task<string> KeysAsync(EtcdClient client) => Lines(
        (await client.PutAsync("a", "1")).Header.Revision,
        (await client.PutAsync(new PutRequest { Key = Bytes("a"), Value = Bytes("2"), PrevKv = true })).PrevKv,
        await client.GetValAsync("a"),
        await client.GetValAsync("nothing"),
        (await client.PutAsync("b", "3")).Header.Revision,
        string.Join(' ', (await client.GetRangeValAsync("")).OrderBy(p => p.Key).Select(p => $"{p.Key}={p.Value}")),
        (await client.GetAsync(new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("z"), CountOnly = true })).Count,
        (await client.GetAsync(new RangeRequest { Key = Bytes("a"), RangeEnd = Bytes("z"), Limit = 1 })).More,
        (await client.DeleteAsync(new DeleteRangeRequest { Key = Bytes("a"), PrevKv = true })).PrevKvs,
        (await client.DeleteRangeAsync("b")).Deleted,
        await Refusal(() => client.PutAsync("", "x")),
        await Refusal(() => client.PutAsync(new PutRequest { Key = Bytes("a"), IgnoreValue = true })),
        await Refusal(() => client.PutAsync(new PutRequest { Key = Bytes("a"), Lease = 7 })),
        await Refusal(() => client.PutAsync("a", new string('x', 1_700_000))));

    private static async Task<string> RevisionsAsync(EtcdClient client)
    {
        for (var i = 1; i <= 5; i++)
            await client.PutAsync("a", Text(i));
        return Lines(
            (await client.GetAsync(new RangeRequest { Key = Bytes("a"), Revision = 3 })).Kvs,
            await Refusal(() => client.GetAsync(new RangeRequest { Key = Bytes("a"), Revision = 99 })),
            (await client.CompactAsync(new CompactionRequest { Revision = 4, Physical = true })).Header.Revision,
            await Refusal(() => client.GetAsync(new RangeRequest { Key = Bytes("a"), Revision = 3 })),
            await Refusal(() => client.CompactAsync(new CompactionRequest { Revision = 4 })),
            await Refusal(() => client.CompactAsync(new CompactionRequest { Revision = 99 })),
            (await client.GetAsync("a")).Kvs);
    }

    private static async Task<string> TransactionsAsync(EtcdClient client)
    {
        await client.PutAsync("t", "1");
        TxnRequest Swap(string from, string to) => new()
        {
            Compare = { new Compare { Key = Bytes("t"), Target = Compare.Types.CompareTarget.Value, Value = Bytes(from) } },
            Success = { new RequestOp { RequestPut = new PutRequest { Key = Bytes("t"), Value = Bytes(to), PrevKv = true } } },
            Failure = { new RequestOp { RequestRange = new RangeRequest { Key = Bytes("t") } } },
        };
        var twice = Swap("2", "3");
        twice.Success.Add(twice.Success[0].Clone());
        var many = new TxnRequest();
        for (var i = 0; i < 129; i++)
            many.Success.Add(new RequestOp { RequestRange = new RangeRequest { Key = Bytes(Text(i)) } });
        return Lines(
            Shown(await client.TransactionAsync(Swap("1", "2"))),
            Shown(await client.TransactionAsync(Swap("1", "2"))),
            await Refusal(() => client.TransactionAsync(twice)),
            await Refusal(() => client.TransactionAsync(many)),
            Shown(await client.TransactionAsync(new TxnRequest())));
    }

    private static async Task<string> WatchesAsync(EtcdClient client)
    {
        var responses = Channel.CreateUnbounded<WatchResponse>();
        using var end = new CancellationTokenSource();
        var create = new WatchCreateRequest { Key = Bytes("w"), RangeEnd = Bytes("x"), StartRevision = 1, PrevKv = true };
        await client.WatchAsync(new WatchRequest { CreateRequest = create },
            (WatchResponse r) => responses.Writer.TryWrite(r), cancellationToken: end.Token);
        await client.PutAsync("w1", "1");
        await client.PutAsync("w2", "1");
        await client.PutAsync("w1", "2");
        await client.PutAsync("other", "2");
        await client.DeleteAsync("w2");
        var events = new List<Event>();
        while (events.Count < 4)
            events.AddRange((await responses.Reader.ReadAsync(end.Token).AsTask().WaitAsync(Patience, end.Token)).Events);
        await end.CancelAsync();
        return string.Join('\n', events);
    }

    private static async Task<string> LeasesAsync(EtcdClient client)
    {
        var lease = await client.LeaseGrantAsync(new LeaseGrantRequest { TTL = 300, ID = 77 });
        await client.PutAsync(new PutRequest { Key = Bytes("k"), Value = Bytes("v"), Lease = 77 });
        var left = await client.LeaseTimeToLiveAsync(new LeaseTimeToLiveRequest { ID = 77, Keys = true });
        return Lines(
            lease.ID, lease.TTL, lease.Error, left.GrantedTTL, left.Keys[0].ToStringUtf8(), left.TTL is > 290 and <= 300,
            await Refusal(() => client.LeaseGrantAsync(new LeaseGrantRequest { TTL = 300, ID = 77 })),
            await Refusal(() => client.LeaseGrantAsync(new LeaseGrantRequest { TTL = 9_999_999_999 })),
            (await client.LeaseRevokeAsync(new LeaseRevokeRequest { ID = 77 })).Header.Revision,
            (await client.GetAsync("k")).Count,
            await Refusal(() => client.LeaseRevokeAsync(new LeaseRevokeRequest { ID = 77 })),
            (await client.LeaseTimeToLiveAsync(new LeaseTimeToLiveRequest { ID = 77 })).TTL);
    }

    private static async Task<string> LocksAsync(EtcdClient client)
    {
        await client.LeaseGrantAsync(new LeaseGrantRequest { TTL = 300, ID = 1 });
        await client.LeaseGrantAsync(new LeaseGrantRequest { TTL = 300, ID = 2 });
        var first = await client.LockAsync("name", 1);
        var again = await client.LockAsync("name", 1);
        var waiting = client.LockAsync("name", 2);
        await InLineAsync(client, "name");
        await client.UnlockAsync(first.Key.ToStringUtf8());
        return Lines(
            first.Key.ToStringUtf8(), again.Key.ToStringUtf8(), (await waiting.WaitAsync(Patience)).Key.ToStringUtf8(),
            (await client.GetRangeAsync("name")).Kvs,
            await Refusal(() => client.LockAsync("name", 99)));
    }

    private static async Task<string> ElectionsAsync(EtcdClient client)
    {
        await client.LeaseGrantAsync(new LeaseGrantRequest { TTL = 300, ID = 1 });
        await client.LeaseGrantAsync(new LeaseGrantRequest { TTL = 300, ID = 2 });
        var none = await Refusal(() => client.LeaderAsync("e"));
        var first = await client.CampaignAsync("e", 1, "one");
        var waiting = client.CampaignAsync("e", 2, "two");
        await InLineAsync(client, "e");
        await client.ProclaimAsync(first.Leader, "uno");
        var leader = (await client.LeaderAsync("e")).Kv;
        await client.ResignAsync(first.Leader);
        return Lines(none, first.Leader, leader, (await waiting.WaitAsync(Patience)).Leader, (await client.LeaderAsync("e")).Kv,
            await Refusal(() => client.ProclaimAsync(first.Leader, "late")));
    }

    // Two stand in line.
    private static async Task InLineAsync(EtcdClient client, string name)
    {
        using var late = new CancellationTokenSource(Patience);
        while ((await client.GetRangeAsync(name, cancellationToken: late.Token)).Count < 2)
            late.Token.ThrowIfCancellationRequested();
    }

    private static async Task<string> MaintenanceAsync(EtcdClient client)
    {
        await client.PutAsync("a", "1");
        var status = await client.StatusAsync(new StatusRequest());
        AlarmRequest Alarm(AlarmRequest.Types.AlarmAction action) => new() { Action = action, Alarm = AlarmType.Nospace };
        return Lines(
            status.Version, status.Leader == status.Header.MemberId, status.RaftIndex == status.RaftAppliedIndex, status.Errors,
            status.IsLearner,
            (await client.AlarmAsync(new AlarmRequest())).Alarms,
            (await client.AlarmAsync(Alarm(AlarmRequest.Types.AlarmAction.Activate))).Alarms,
            await Refusal(() => client.PutAsync("a", "2")),
            (await client.StatusAsync(new StatusRequest())).Errors,
            (await client.AlarmAsync(Alarm(AlarmRequest.Types.AlarmAction.Deactivate))).Alarms,
            (await client.PutAsync("a", "2")).Header.Revision,
            (await client.HashKVAsync(new HashKVRequest())).Hash,
            (await client.DefragmentAsync(new DefragmentRequest())).Header is null,
            await Refusal(() => client.MoveLeaderAsync(new MoveLeaderRequest { TargetID = 1 })),
            (await client.MoveLeaderAsync(new MoveLeaderRequest { TargetID = status.Leader })).Header is null);
    }

    private static async Task<string> MembersAsync(EtcdClient client)
    {
        var self = Assert.Single((await client.MemberListAsync(new MemberListRequest())).Members);
        var added = await client.MemberAddAsync(new MemberAddRequest { PeerURLs = { "http://z:2", "http://y:1" }, IsLearner = true });
        var id = added.Member.ID;
        return Lines(
            self.ID != 0, self.Name, self.PeerURLs.Count, self.ClientURLs.Count, self.IsLearner,
            added.Member.PeerURLs, added.Member.IsLearner, added.Members.Count, added.Header.Revision,
            await Refusal(() => client.MemberAddAsync(new MemberAddRequest { PeerURLs = { "http://x:1" }, IsLearner = true })),
            await Refusal(() => client.MemberAddAsync(new MemberAddRequest { PeerURLs = { "http://y:1" } })),
            await Refusal(() => client.MemberAddAsync(new MemberAddRequest { PeerURLs = { "nonsense" } })),
            await Refusal(() => client.MemberAddAsync(new MemberAddRequest())),
            await Refusal(() => client.MemberPromoteAsync(new MemberPromoteRequest { ID = id })),
            await Refusal(() => client.MemberPromoteAsync(new MemberPromoteRequest { ID = self.ID })),
            await Refusal(() => client.MemberPromoteAsync(new MemberPromoteRequest { ID = 5 })),
            // Not before: etcd 3.4 forgets that one is a learner when its URLs change.
            (await client.MemberUpdateAsync(new MemberUpdateRequest { ID = id, PeerURLs = { "http://w:1" } }))
                .Members.Single(m => m.ID == id).PeerURLs,
            await Refusal(() => client.MemberUpdateAsync(new MemberUpdateRequest { ID = 5, PeerURLs = { "http://w:1" } })),
            await Refusal(() => client.MemberUpdateAsync(new MemberUpdateRequest { ID = id, PeerURLs = { self.PeerURLs } })),
            (await client.MemberRemoveAsync(new MemberRemoveRequest { ID = id })).Members.Count,
            await Refusal(() => client.MemberRemoveAsync(new MemberRemoveRequest { ID = id })),
            await Refusal(() => client.MemberRemoveAsync(new MemberRemoveRequest { ID = self.ID })));
    }

    private static async Task<string> UsersAsync(EtcdClient client)
    {
        await client.UserAddAsync(new AuthUserAddRequest { Name = "root", Password = "pw" });
        await client.UserAddAsync(new AuthUserAddRequest { Name = "u", Password = "pw" });
        await client.RoleAddAsync(new AuthRoleAddRequest { Name = "root" });
        await client.RoleAddAsync(new AuthRoleAddRequest { Name = "r" });
        await client.UserGrantRoleAsync(new AuthUserGrantRoleRequest { User = "root", Role = "root" });
        await client.UserGrantRoleAsync(new AuthUserGrantRoleRequest { User = "u", Role = "r" });
        await client.AuthEnableAsync(new AuthEnableRequest());
        Metadata As(string user) => new()
        {
            { "token", client.Authenticate(new AuthenticateRequest { Name = user, Password = "pw" }).Token },
        };
        return Lines(
            await Refusal(() => client.GetAsync("a")),
            await Refusal(() => client.GetAsync("a", new Metadata { { "token", "nonsense" } })),
            await Refusal(() => client.AuthenticateAsync(new AuthenticateRequest { Name = "u", Password = "bad" })),
            await Refusal(() => client.PutAsync("a", "1", As("u"))),
            (await client.PutAsync("a", "1", As("root"))).Header.Revision,
            await Refusal(() => client.MemberAddAsync(new MemberAddRequest { PeerURLs = { "http://z:1" } }, As("u"))),
            await Refusal(() => client.MemberRemoveAsync(new MemberRemoveRequest { ID = 1 }, As("u"))),
            (await client.AlarmAsync(new AlarmRequest(), As("u"))).Alarms,
            await Refusal(() => client.DefragmentAsync(new DefragmentRequest(), As("u"))),
            (await client.StatusAsync(new StatusRequest())).IsLearner,
            await Refusal(() => client.MoveLeaderAsync(new MoveLeaderRequest { TargetID = 1 }, As("u"))),
            (await client.MemberListAsync(new MemberListRequest())).Members.Count,
            (await client.UserListAsync(new AuthUserListRequest(), As("root"))).Users,
            await Refusal(() => client.UserListAsync(new AuthUserListRequest(), As("u"))),
            await client.AuthDisableAsync(new AuthDisableRequest(), As("root")) is not null);
    }

    private static ByteString Bytes(string text) => ByteString.CopyFromUtf8(text);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Lines(params object?[] seen) => string.Join('\n', seen);

    // Without header.
    private static string Shown(TxnResponse response) => $"{response.Succeeded} at {response.Header.Revision}: "
        + string.Join(' ', response.Responses.Select(r => $"{r.ResponsePut?.PrevKv} {r.ResponseRange?.Kvs} {r.ResponseRange?.Count}"));

    private static async Task<string> Refusal<T>(Func<Task<T>> call)
    {
        try
        {
            return $"not refused: {await call()}";
        }
        catch (RpcException e)
        {
            return $"{e.StatusCode}: {e.Status.Detail}";
        }
    }
}
