namespace Microcosm.Chubby;

/// <summary>A file that sessions may have cached: before it changes they are told to forget it. Only the master knows.</summary>
/// <param name="Sessions">In hexadecimal.</param>
internal sealed record CachedFileInside(string Path, IReadOnlyList<string> Sessions);
