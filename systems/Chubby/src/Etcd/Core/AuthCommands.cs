using Google.Protobuf;
using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>Commands of users, roles and tokens.</summary>
internal static class AuthCommands
{
    public static IMessage Apply(AuthStore auth, EtcdCommand command, ResponseHeader header)
    {
        switch (command.RequestCase)
        {
            case EtcdCommand.RequestOneofCase.AuthEnable:
                auth.Enable();
                return new AuthEnableResponse { Header = header };
            case EtcdCommand.RequestOneofCase.AuthDisable:
                auth.Disable();
                return new AuthDisableResponse { Header = header };
            case EtcdCommand.RequestOneofCase.TokenGrant:
                auth.AddToken(command.TokenGrant);
                return new AuthenticateResponse { Header = header, Token = command.TokenGrant.Token };
            case EtcdCommand.RequestOneofCase.TokenExpiry:
                auth.RemoveToken(command.TokenExpiry.Token);
                return new AuthenticateResponse { Header = header };
            case EtcdCommand.RequestOneofCase.UserAdd:
                auth.AddUser(command.UserAdd);
                return new AuthUserAddResponse { Header = header };
            case EtcdCommand.RequestOneofCase.UserDelete:
                auth.DeleteUser(command.UserDelete.Name);
                return new AuthUserDeleteResponse { Header = header };
            case EtcdCommand.RequestOneofCase.UserChangePassword:
                auth.ChangePassword(command.UserChangePassword);
                return new AuthUserChangePasswordResponse { Header = header };
            case EtcdCommand.RequestOneofCase.UserGrantRole:
                auth.GrantRole(command.UserGrantRole);
                return new AuthUserGrantRoleResponse { Header = header };
            case EtcdCommand.RequestOneofCase.UserRevokeRole:
                auth.RevokeRole(command.UserRevokeRole);
                return new AuthUserRevokeRoleResponse { Header = header };
            default:
                return ApplyRole(auth, command, header);
        }
    }

    private static IMessage ApplyRole(AuthStore auth, EtcdCommand command, ResponseHeader header)
    {
        switch (command.RequestCase)
        {
            case EtcdCommand.RequestOneofCase.RoleAdd:
                auth.AddRole(command.RoleAdd.Name);
                return new AuthRoleAddResponse { Header = header };
            case EtcdCommand.RequestOneofCase.RoleDelete:
                auth.DeleteRole(command.RoleDelete.Role);
                return new AuthRoleDeleteResponse { Header = header };
            case EtcdCommand.RequestOneofCase.RoleGrantPermission:
                auth.GrantPermission(command.RoleGrantPermission);
                return new AuthRoleGrantPermissionResponse { Header = header };
            case EtcdCommand.RequestOneofCase.RoleRevokePermission:
                auth.RevokePermission(command.RoleRevokePermission);
                return new AuthRoleRevokePermissionResponse { Header = header };
            default:
                throw new InvalidDataException($"a command of an unknown kind: {command.RequestCase}");
        }
    }
}
