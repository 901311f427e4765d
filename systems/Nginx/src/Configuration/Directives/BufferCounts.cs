namespace Microcosm.Nginx;

/// <summary>A number of buffers of a size in bytes.</summary>
internal readonly record struct BufferCounts(long Count, long Size);
