using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>Users, roles and tokens. The rules have a revision of their own, which rises with each change of them.</summary>
internal sealed class AuthStore
{
    private const string Root = "root";

    private readonly SortedDictionary<string, EtcdUser> _users = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, EtcdRole> _roles = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _tokens = new(StringComparer.Ordinal);

    public bool IsEnabled { get; private set; }

    public ulong Revision { get; private set; } = 1;

    public IReadOnlyDictionary<string, EtcdUser> Users => _users;

    public IReadOnlyDictionary<string, EtcdRole> Roles => _roles;

    /// <summary>Users by token.</summary>
    public IReadOnlyDictionary<string, string> Tokens => _tokens;

    public void Enable()
    {
        if (IsEnabled)
            return;
        if (!_users.TryGetValue(Root, out var root))
            throw new EtcdException(EtcdErrors.RootUserNotExist);
        if (!root.Roles.Contains(Root))
            throw new EtcdException(EtcdErrors.RootRoleNotExist);
        // The rules are the ones that they were: signed tokens of before hold.
        IsEnabled = true;
    }

    public void Disable()
    {
        if (!IsEnabled)
            return;
        IsEnabled = false;
        _tokens.Clear();
        Revision++;
    }

    public void AddToken(TokenGrant grant)
    {
        if (!IsEnabled)
            throw new EtcdException(EtcdErrors.AuthNotEnabled);
        // The password may have changed since it was compared.
        if (grant.AuthRevision != Revision || !_users.ContainsKey(grant.Name))
            throw new EtcdException(EtcdErrors.AuthOldRevision);
        _tokens[grant.Token] = grant.Name;
    }

    public void RemoveToken(string token) => _tokens.Remove(token);

    public EtcdUser GetUser(string name) =>
        _users.GetValueOrDefault(name) ?? throw new EtcdException(EtcdErrors.UserNotFound);

    public EtcdRole GetRole(string name) =>
        _roles.GetValueOrDefault(name) ?? throw new EtcdException(EtcdErrors.RoleNotFound);

    public void AddUser(AuthUserAddRequest request)
    {
        if (request.Name.Length == 0)
            throw new EtcdException(EtcdErrors.UserEmpty);
        if (_users.ContainsKey(request.Name))
            throw new EtcdException(EtcdErrors.UserAlreadyExists);
        _users.Add(request.Name, new EtcdUser(request.Name) { Password = request.HashedPassword });
        Revision++;
    }

    public void DeleteUser(string name)
    {
        if (IsEnabled && name == Root)
            throw new EtcdException(EtcdErrors.InvalidAuthManagement);
        GetUser(name);
        _users.Remove(name);
        Changed(name);
    }

    public void ChangePassword(AuthUserChangePasswordRequest request)
    {
        GetUser(request.Name).Password = request.HashedPassword;
        Changed(request.Name);
    }

    public void GrantRole(AuthUserGrantRoleRequest request)
    {
        var user = GetUser(request.User);
        if (request.Role != Root)
            GetRole(request.Role);
        if (user.Roles.Add(request.Role))
            Revision++;
    }

    public void RevokeRole(AuthUserRevokeRoleRequest request)
    {
        if (IsEnabled && request is { Name: Root, Role: Root })
            throw new EtcdException(EtcdErrors.InvalidAuthManagement);
        if (!GetUser(request.Name).Roles.Remove(request.Role))
            throw new EtcdException(EtcdErrors.RoleNotGranted);
        Revision++;
    }

    public void AddRole(string name)
    {
        if (name.Length == 0)
            throw new EtcdException(EtcdErrors.RoleEmpty);
        if (_roles.ContainsKey(name))
            throw new EtcdException(EtcdErrors.RoleAlreadyExists);
        _roles.Add(name, new EtcdRole(name));
        Revision++;
    }

    public void DeleteRole(string name)
    {
        if (IsEnabled && name == Root)
            throw new EtcdException(EtcdErrors.InvalidAuthManagement);
        GetRole(name);
        _roles.Remove(name);
        foreach (var user in _users.Values.Where(u => u.Roles.Remove(name)))
            DropTokens(user.Name);
        Revision++;
    }

    public void GrantPermission(AuthRoleGrantPermissionRequest request)
    {
        if (request.Perm is null)
            throw new EtcdException(EtcdErrors.PermissionNotGiven);
        GetRole(request.Name).Grant(request.Perm);
        Revision++;
    }

    public void RevokePermission(AuthRoleRevokePermissionRequest request)
    {
        var role = GetRole(request.Role);
        if (role.Permissions.RemoveAll(p => p.Key == request.Key && p.RangeEnd == request.RangeEnd) == 0)
            throw new EtcdException(EtcdErrors.PermissionNotGranted);
        Revision++;
    }

    /// <summary>Refuses who may not administer.</summary>
    public void CheckAdmin(Access access)
    {
        if (!IsEnabled)
            return;
        if (access.User.Length == 0)
            throw new EtcdException(EtcdErrors.UserEmpty);
        if (!_users.TryGetValue(access.User, out var user) || !user.Roles.Contains(Root))
            throw new EtcdException(EtcdErrors.PermissionDenied);
    }

    /// <summary>Refuses who may not read or write a range.</summary>
    public void Check(Access access, KeyRange range, Permission.Types.Type wanted)
    {
        if (!IsEnabled)
            return;
        if (access.User.Length == 0 || access.Revision == 0)
            throw new EtcdException(EtcdErrors.UserEmpty);
        if (access.Revision < Revision)
            throw new EtcdException(EtcdErrors.AuthOldRevision);
        if (!_users.TryGetValue(access.User, out var user))
            throw new EtcdException(EtcdErrors.PermissionDenied);
        if (user.Roles.Contains(Root))
            return;
        var allowed = user.Roles.Where(_roles.ContainsKey).SelectMany(r => _roles[r].Permissions)
            .Where(p => p.PermType == wanted || p.PermType == Permission.Types.Type.Readwrite)
            .Select(p => new KeyRange(p.Key, p.RangeEnd));
        if (!Coverage.IsCovered(range, allowed))
            throw new EtcdException(EtcdErrors.PermissionDenied);
    }

    public void Save(EtcdState state)
    {
        (state.AuthEnabled, state.AuthRevision) = (IsEnabled, Revision);
        foreach (var user in _users.Values)
            state.Users.Add(new StoredUser { Name = user.Name, Password = user.Password, Roles = { user.Roles } });
        foreach (var role in _roles.Values)
            state.Roles.Add(new StoredRole { Name = role.Name, Permissions = { role.Permissions.Select(p => p.Clone()) } });
        state.Tokens.AddRange(_tokens.Select(t => new StoredToken { Token = t.Key, User = t.Value }));
    }

    public void Restore(EtcdState state)
    {
        (IsEnabled, Revision) = (state.AuthEnabled, state.AuthRevision);
        foreach (var stored in state.Users)
        {
            var user = new EtcdUser(stored.Name) { Password = stored.Password };
            user.Roles.UnionWith(stored.Roles);
            _users.Add(user.Name, user);
        }
        foreach (var stored in state.Roles)
        {
            var role = new EtcdRole(stored.Name);
            role.Permissions.AddRange(stored.Permissions);
            _roles.Add(role.Name, role);
        }
        foreach (var stored in state.Tokens)
            _tokens.Add(stored.Token, stored.User);
    }

    private void Changed(string user)
    {
        DropTokens(user);
        Revision++;
    }

    private void DropTokens(string user)
    {
        foreach (var token in _tokens.Where(t => t.Value == user).Select(t => t.Key).ToList())
            _tokens.Remove(token);
    }
}
