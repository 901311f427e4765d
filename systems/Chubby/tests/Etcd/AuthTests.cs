using Microcosm.Chubby.Etcd;
using Microcosm.Chubby.Etcd.Protocol;
using static Microcosm.Chubby.Tests.Etcd.StoreDriver;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Who may do what.</summary>
public sealed class AuthTests
{
    private readonly StoreDriver _store = new();

    public AuthTests()
    {
        Do(new EtcdCommand { UserAdd = new AuthUserAddRequest { Name = "root", HashedPassword = "h" } });
        Do(new EtcdCommand { UserAdd = new AuthUserAddRequest { Name = "u", HashedPassword = "h" } });
        Do(new EtcdCommand { RoleAdd = new AuthRoleAddRequest { Name = "r" } });
        Do(new EtcdCommand { UserGrantRole = new AuthUserGrantRoleRequest { User = "u", Role = "r" } });
    }

    [Fact]
    public void Access_is_only_switched_on_for_a_root_who_is_root()
    {
        var fresh = new StoreDriver();
        var enable = new EtcdCommand { AuthEnable = new AuthEnableRequest() };
        Assert.Equal("etcdserver: root user does not exist", fresh.Refusal(enable));
        fresh.Apply<AuthUserAddResponse>(new EtcdCommand { UserAdd = new AuthUserAddRequest { Name = "root" } });
        Assert.Equal("etcdserver: root user does not have root role", fresh.Refusal(enable));
    }

    [Fact]
    public void Users_and_roles_are_refused_in_etcds_words()
    {
        Assert.Equal("etcdserver: user name already exists",
            _store.Refusal(new EtcdCommand { UserAdd = new AuthUserAddRequest { Name = "u" } }));
        Assert.Equal("etcdserver: user name is empty", _store.Refusal(new EtcdCommand { UserAdd = new AuthUserAddRequest() }));
        Assert.Equal("etcdserver: user name not found",
            _store.Refusal(new EtcdCommand { UserDelete = new AuthUserDeleteRequest { Name = "x" } }));
        Assert.Equal("etcdserver: role name already exists",
            _store.Refusal(new EtcdCommand { RoleAdd = new AuthRoleAddRequest { Name = "r" } }));
        Assert.Equal("etcdserver: role name not found",
            _store.Refusal(new EtcdCommand { RoleDelete = new AuthRoleDeleteRequest { Role = "x" } }));
        Assert.Equal("etcdserver: role is not granted to the user",
            _store.Refusal(new EtcdCommand { UserRevokeRole = new AuthUserRevokeRoleRequest { Name = "root", Role = "r" } }));
        Assert.Equal("etcdserver: permission is not granted to the role",
            _store.Refusal(new EtcdCommand { RoleRevokePermission = new AuthRoleRevokePermissionRequest { Role = "r" } }));
    }

    [Fact]
    public void A_user_reads_and_writes_what_its_roles_together_cover()
    {
        Grant(Permission.Types.Type.Readwrite, "a", "c");
        Grant(Permission.Types.Type.Read, "c", "e");
        Enable();
        _store.User = "u";
        _store.Put("b", "1");
        Assert.Equal("etcdserver: permission denied", _store.Refusal(new EtcdCommand { Put = new PutRequest { Key = Bytes("c") } }));
        Assert.True(MayRead("a", "e"));
        Assert.False(MayRead("a", "f"));
        Assert.False(MayRead("a", "\0"));
        Assert.Equal("etcdserver: permission denied", _store.Refusal(new EtcdCommand { RoleAdd = new AuthRoleAddRequest { Name = "x" } }));
        _store.User = "";
        Assert.Equal("etcdserver: user name is empty", _store.Refusal(new EtcdCommand { Put = new PutRequest { Key = Bytes("b") } }));
    }

    [Fact]
    public void A_transaction_needs_leave_for_both_of_its_ways()
    {
        Grant(Permission.Types.Type.Readwrite, "a", "c");
        Enable();
        _store.User = "u";
        _store.Txn(new TxnRequest { Success = { PutOp("a", "1") }, Failure = { DeleteOp("b") } });
        Assert.Equal("etcdserver: permission denied",
            _store.Refusal(new EtcdCommand { Txn = new TxnRequest { Success = { PutOp("a", "1") }, Failure = { DeleteOp("x") } } }));
    }

    [Fact]
    public void A_lease_is_not_revoked_by_who_may_not_write_its_keys()
    {
        _store.Grant(7);
        _store.Put("secret", "1", lease: 7);
        Enable();
        _store.User = "u";
        Assert.Equal("etcdserver: permission denied", _store.Refusal(new EtcdCommand { LeaseRevoke = new LeaseRevokeRequest { ID = 7 } }));
    }

    [Fact]
    public void Tokens_end_with_the_password_that_they_were_given_for()
    {
        Enable();
        var auth = _store.Store.Auth;
        Do(new EtcdCommand { TokenGrant = new TokenGrant { Name = "u", Token = "t.1", AuthRevision = auth.Revision } });
        Assert.Equal("u", auth.Tokens["t.1"]);
        _store.User = "root";
        Do(new EtcdCommand { UserChangePassword = new AuthUserChangePasswordRequest { Name = "u", HashedPassword = "other" } });
        Assert.Empty(auth.Tokens);
        _store.User = "";
        var late = new TokenGrant { Name = "u", Token = "t.2", AuthRevision = auth.Revision - 1 };
        Assert.Equal("etcdserver: revision of auth store is old", _store.Refusal(new EtcdCommand { TokenGrant = late }));
    }

    [Fact]
    public void Passwords_are_kept_so_that_they_only_can_be_compared()
    {
        var hash = PasswordHash.Of("secret", new Microcosm.Runtime.Seed(1).Stream("salt"), cost: 4);
        Assert.DoesNotContain("secret", hash);
        Assert.True(PasswordHash.Matches(hash, "secret"));
        Assert.False(PasswordHash.Matches(hash, "Secret"));
        Assert.False(PasswordHash.Matches("", ""));
        // As etcd wrote it.
        Assert.True(PasswordHash.Matches("$2a$10$T2mXOvqkn.dfzFxgYtiA6e/mJH8szbIyh7JUjDkdvH68FN5EecRPm", "pw"));
    }

    private void Enable()
    {
        Do(new EtcdCommand { UserGrantRole = new AuthUserGrantRoleRequest { User = "root", Role = "root" } });
        Do(new EtcdCommand { AuthEnable = new AuthEnableRequest() });
    }

    private void Grant(Permission.Types.Type type, string key, string end)
    {
        var permission = new Permission { PermType = type, Key = Bytes(key), RangeEnd = Bytes(end) };
        Do(new EtcdCommand { RoleGrantPermission = new AuthRoleGrantPermissionRequest { Name = "r", Perm = permission } });
    }

    private bool MayRead(string key, string end)
    {
        var auth = _store.Store.Auth;
        try
        {
            _store.Store.Auth.Check(new Access("u", _store.Store.Auth.Revision),
                new KeyRange(Bytes(key), Bytes(end)), Permission.Types.Type.Read);
            return true;
        }
        catch (EtcdException)
        {
            return false;
        }
    }

    private void Do(EtcdCommand command) => _store.Apply<Google.Protobuf.IMessage>(command);
}
