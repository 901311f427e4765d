namespace Microcosm.Nginx;

/// <summary><c>try_files</c>: the first path that is there (a file, or a folder where it ends with a slash), else the last word.</summary>
/// <param name="Fallback">A path, a named location, or null when <paramref name="Code"/> answers.</param>
internal sealed record TryFiles(IReadOnlyList<(ComplexValue Path, bool IsFolder)> Paths, ComplexValue? Fallback, int Code);
