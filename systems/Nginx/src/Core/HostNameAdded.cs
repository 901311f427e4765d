namespace Microcosm.Nginx;

/// <summary>What became of a host name that was added to a table.</summary>
internal enum HostNameAdded
{
    Added,
    Invalid,
    Conflict,
}
