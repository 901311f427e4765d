namespace Microcosm.Nginx;

/// <summary>Whether headers of the level around hold too.</summary>
internal enum HeadersInherit
{
    Off,
    On,
    Merge,
}
