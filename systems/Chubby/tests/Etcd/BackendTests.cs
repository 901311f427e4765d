using System.Security.Cryptography;
using Google.Protobuf;
using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>A store as etcd's file, and back.</summary>
public sealed class BackendTests
{
    [Fact]
    public async Task A_store_comes_back_out_of_its_snapshot()
    {
        var driver = Filled();
        var restored = Restored(await SnapshotAsync(driver.Store));
        Assert.Equal(Shown(driver.Store), Shown(restored));
    }

    [Fact]
    public async Task A_snapshot_is_of_the_moment_when_it_was_planned()
    {
        var driver = Filled();
        var before = Shown(driver.Store);
        var writer = await BoltWriter.PlanAsync(BackendWriter.Buckets(driver.Store, [], 1));
        driver.Put("a", "later");
        driver.Compact(driver.Revision);
        byte[] file = [.. writer.Pages().SelectMany(p => p)];
        Assert.Equal(before, Shown(Restored([.. file, .. SHA256.HashData(file)])));
    }

    [Fact]
    public async Task A_store_compacted_at_its_last_change_keeps_its_revision()
    {
        var driver = new StoreDriver();
        driver.Put("a", "1");
        driver.Delete("a");
        driver.Compact(3);
        var store = Restored(await SnapshotAsync(driver.Store));
        Assert.Equal((3, 3, 1), (store.Keys.Revision, store.Keys.CompactRevision, store.Keys.Log.Count));
    }

    [Fact]
    public async Task A_snapshot_that_is_none_is_refused()
    {
        var snapshot = await SnapshotAsync(Filled().Store);
        Assert.Contains("missing hash", Refusal(snapshot[..^32]), StringComparison.Ordinal);
        Assert.Contains("hash is not that", Refusal([.. snapshot[..^1], (byte)(snapshot[^1] ^ 1)]), StringComparison.Ordinal);
        var nothing = new byte[4096];
        Assert.Contains("not a bbolt file", Refusal([.. nothing, .. SHA256.HashData(nothing)]), StringComparison.Ordinal);
    }

    private static EtcdStore Restored(byte[] snapshot)
    {
        var store = new EtcdStore(leaseTtlMinS: 2);
        store.Restore(BackendReader.Read(snapshot).ToByteArray());
        return store;
    }

    private static EtcdState Shown(EtcdStore store) => EtcdState.Parser.ParseFrom(store.Save().Span);

    private static string Refusal(byte[] snapshot) => Assert.Throws<InvalidDataException>(() => BackendReader.Read(snapshot)).Message;

    private static async Task<byte[]> SnapshotAsync(EtcdStore store)
    {
        var writer = await BoltWriter.PlanAsync(BackendWriter.Buckets(store, [], 1));
        byte[] file = [.. writer.Pages().SelectMany(p => p)];
        return [.. file, .. SHA256.HashData(file)];
    }

    private static StoreDriver Filled()
    {
        var driver = new StoreDriver();
        driver.Grant(-5);
        driver.Grant(7, ttl: 1000);
        driver.Put("a", "1");
        driver.Put("b", "2", lease: 7);
        driver.Put("a", "3");
        driver.Delete("b");
        driver.Put("c", "4", lease: -5);
        driver.Txn(new TxnRequest { Success = { StoreDriver.PutOp("d", "5"), StoreDriver.PutOp("e", "6") } });
        driver.Compact(3);
        driver.Apply<IMessage>(new EtcdCommand { UserAdd = new AuthUserAddRequest { Name = "root", HashedPassword = "hash" } });
        driver.Apply<IMessage>(new EtcdCommand { RoleAdd = new AuthRoleAddRequest { Name = "reader" } });
        driver.Apply<IMessage>(new EtcdCommand { RoleAdd = new AuthRoleAddRequest { Name = "root" } });
        driver.Apply<IMessage>(new EtcdCommand { UserGrantRole = new AuthUserGrantRoleRequest { User = "root", Role = "root" } });
        var permission = new Permission { Key = StoreDriver.Bytes("k"), RangeEnd = StoreDriver.Bytes("l") };
        driver.Apply<IMessage>(new EtcdCommand
        {
            RoleGrantPermission = new AuthRoleGrantPermissionRequest { Name = "reader", Perm = permission },
        });
        driver.Apply<IMessage>(new EtcdCommand { AuthEnable = new AuthEnableRequest() });
        driver.User = "root";
        driver.Apply<IMessage>(new EtcdCommand
        {
            Alarm = new AlarmRequest { Action = AlarmRequest.Types.AlarmAction.Activate, Alarm = AlarmType.Corrupt, MemberID = 9 },
        });
        return driver;
    }
}
