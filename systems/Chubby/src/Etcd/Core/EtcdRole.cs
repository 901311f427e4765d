using Microcosm.Chubby.Etcd.Protocol;

namespace Microcosm.Chubby.Etcd;

/// <summary>A role and what it may do.</summary>
/// <param name="name">Name.</param>
internal sealed class EtcdRole(string name)
{
    public string Name { get; } = name;

    /// <summary>In the order of keys and ends; one a range.</summary>
    public List<Permission> Permissions { get; } = [];

    public void Grant(Permission permission)
    {
        if (Permissions.Find(p => p.Key == permission.Key && p.RangeEnd == permission.RangeEnd) is { } before)
        {
            before.PermType = permission.PermType;
            return;
        }
        Permissions.Add(permission.Clone());
        Permissions.Sort((x, y) =>
            KeyOrder.Compare(x.Key, y.Key) is var order and not 0 ? order : KeyOrder.Compare(x.RangeEnd, y.RangeEnd));
    }
}
