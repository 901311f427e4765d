using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Auth service: users. Passwords are hashed before anything is written of them.</summary>
internal static class UserOperations
{
    [EtcdOperation("UserAdd", Service = "Auth")]
    public static async Task<IMessage?> Add(EtcdCall call)
    {
        var request = call.Take<AuthUserAddRequest>().Clone();
        if (request.HashedPassword.Length > 0)
            throw new EtcdException(EtcdErrors.InvalidAuthManagement);
        if (request.Options?.NoPassword != true)
            request.HashedPassword = PasswordHash.Of(request.Password, call.Member.Random, call.Member.Options.BcryptCost);
        request.Password = "";
        return await call.ProposeAsync(new EtcdCommand { UserAdd = request });
    }

    [EtcdOperation("UserGet", Service = "Auth")]
    public static async Task<IMessage?> Get(EtcdCall call)
    {
        await call.ReadAsync();
        var name = call.Take<AuthUserGetRequest>().Name;
        if (call.Access().User != name)
            call.CheckAdmin();
        return new AuthUserGetResponse { Header = call.Store.Header(), Roles = { call.Auth.GetUser(name).Roles } };
    }

    [EtcdOperation("UserList", Service = "Auth")]
    public static async Task<IMessage?> List(EtcdCall call)
    {
        await call.ReadAsync();
        call.CheckAdmin();
        return new AuthUserListResponse { Header = call.Store.Header(), Users = { call.Auth.Users.Keys } };
    }

    [EtcdOperation("UserDelete", Service = "Auth")]
    public static async Task<IMessage?> Delete(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { UserDelete = call.Take<AuthUserDeleteRequest>() });

    [EtcdOperation("UserChangePassword", Service = "Auth")]
    public static async Task<IMessage?> ChangePassword(EtcdCall call)
    {
        var request = call.Take<AuthUserChangePasswordRequest>().Clone();
        if (request.HashedPassword.Length > 0)
            throw new EtcdException(EtcdErrors.InvalidAuthManagement);
        request.HashedPassword = PasswordHash.Of(request.Password, call.Member.Random, call.Member.Options.BcryptCost);
        request.Password = "";
        return await call.ProposeAsync(new EtcdCommand { UserChangePassword = request });
    }

    [EtcdOperation("UserGrantRole", Service = "Auth")]
    public static async Task<IMessage?> GrantRole(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { UserGrantRole = call.Take<AuthUserGrantRoleRequest>() });

    [EtcdOperation("UserRevokeRole", Service = "Auth")]
    public static async Task<IMessage?> RevokeRole(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { UserRevokeRole = call.Take<AuthUserRevokeRoleRequest>() });
}
