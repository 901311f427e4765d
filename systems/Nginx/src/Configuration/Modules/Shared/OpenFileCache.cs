namespace Microcosm.Nginx;

/// <summary>How many open files are kept, and for how long without use.</summary>
internal sealed record OpenFileCache(long Max, long InactiveSeconds, long ValidSeconds = 60, long MinUses = 1);
