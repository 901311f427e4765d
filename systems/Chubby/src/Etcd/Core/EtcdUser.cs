namespace Microcosm.Chubby.Etcd;

/// <summary>A user.</summary>
/// <param name="name">Name.</param>
internal sealed class EtcdUser(string name)
{
    public string Name { get; } = name;

    /// <summary>As <see cref="PasswordHash"/> writes it; empty for a user that has none and cannot log in.</summary>
    public string Password { get; set; } = "";

    public SortedSet<string> Roles { get; } = new(StringComparer.Ordinal);
}
