namespace Microcosm.Nginx;

/// <summary>What became of a range of addresses that was added.</summary>
internal enum GeoRangeAdded
{
    Added,
    Duplicate,
    Overlap,
}
