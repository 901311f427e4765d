namespace Microcosm.Nginx;

/// <summary>How much of a cache is gone through at a time: files, pause, longest stretch.</summary>
internal readonly record struct CachePace(long Files, long SleepMs, long ThresholdMs);
