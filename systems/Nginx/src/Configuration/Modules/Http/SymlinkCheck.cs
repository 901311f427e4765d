namespace Microcosm.Nginx;

/// <summary>Which symbolic links are refused.</summary>
internal enum SymlinkCheck
{
    Off,
    On,
    IfNotOwner,
}
