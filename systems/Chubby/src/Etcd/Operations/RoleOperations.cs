using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>The Auth service: roles.</summary>
internal static class RoleOperations
{
    [EtcdOperation("RoleAdd", Service = "Auth")]
    public static async Task<IMessage?> Add(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { RoleAdd = call.Take<AuthRoleAddRequest>() });

    [EtcdOperation("RoleGet", Service = "Auth")]
    public static async Task<IMessage?> Get(EtcdCall call)
    {
        await call.ReadAsync();
        var name = call.Take<AuthRoleGetRequest>().Role;
        var user = call.Auth.Users.GetValueOrDefault(call.Access().User);
        if (user?.Roles.Contains(name) != true)
            call.CheckAdmin();
        var response = new AuthRoleGetResponse { Header = call.Store.Header() };
        // A key that every other one is behind: the root role may do everything.
        if (name == "root" && call.Auth.Roles.ContainsKey(name))
            response.Perm.Add(new Permission { PermType = Permission.Types.Type.Readwrite, RangeEnd = ByteString.CopyFrom(0) });
        else
            response.Perm.AddRange(call.Auth.GetRole(name).Permissions.Select(p => p.Clone()));
        return response;
    }

    [EtcdOperation("RoleList", Service = "Auth")]
    public static async Task<IMessage?> List(EtcdCall call)
    {
        await call.ReadAsync();
        call.CheckAdmin();
        return new AuthRoleListResponse { Header = call.Store.Header(), Roles = { call.Auth.Roles.Keys } };
    }

    [EtcdOperation("RoleDelete", Service = "Auth")]
    public static async Task<IMessage?> Delete(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { RoleDelete = call.Take<AuthRoleDeleteRequest>() });

    [EtcdOperation("RoleGrantPermission", Service = "Auth")]
    public static async Task<IMessage?> GrantPermission(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { RoleGrantPermission = call.Take<AuthRoleGrantPermissionRequest>() });

    [EtcdOperation("RoleRevokePermission", Service = "Auth")]
    public static async Task<IMessage?> RevokePermission(EtcdCall call) =>
        await call.ProposeAsync(new EtcdCommand { RoleRevokePermission = call.Take<AuthRoleRevokePermissionRequest>() });
}
