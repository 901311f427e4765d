namespace Microcosm.Nginx;

/// <summary>How a location uses its cache of files.</summary>
internal readonly record struct FileCacheRule(long ValidSeconds, long MinUses, bool KeepsErrors)
{
    public static FileCacheRule Of(Level level) => new(level.Get(HttpCoreModule.OpenFileCacheValid),
        level.Get(HttpCoreModule.OpenFileCacheMinUses), level.Get(HttpCoreModule.OpenFileCacheErrors));
}
