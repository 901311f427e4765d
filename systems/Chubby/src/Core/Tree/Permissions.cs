namespace Microcosm.Chubby;

/// <summary>What an ACL entry allows (<c>ZooDefs.Perms</c>).</summary>
[Flags]
internal enum Permissions
{
    None = 0,
    Read = 1,
    Write = 2,
    Create = 4,
    Delete = 8,
    Admin = 16,
    All = 31,
}
