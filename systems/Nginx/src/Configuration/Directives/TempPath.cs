namespace Microcosm.Nginx;

/// <summary>A folder of temporary or cached files; levels are the lengths of the names of its subfolders.</summary>
internal sealed record TempPath(string Name, IReadOnlyList<int> Levels, string Place, bool IsCache = false);
