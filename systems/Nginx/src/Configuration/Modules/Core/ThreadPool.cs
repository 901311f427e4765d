namespace Microcosm.Nginx;

/// <summary>A declared pool of threads for files.</summary>
internal sealed record ThreadPool(string Name, long Threads, long QueueMax);
