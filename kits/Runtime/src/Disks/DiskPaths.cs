namespace Microcosm.Runtime;

/// <summary>Rules for names on a disk: relative, forward slashes, no way out of the root.</summary>
internal static class DiskPaths
{
    /// <summary>Throws <see cref="ArgumentException"/> for a name that is not one.</summary>
    public static void Check(string path)
    {
        if (path.Length == 0 || path[0] == '/' || path.Contains('\\') || path.Contains('\0') || path.Split('/')
            .Any(p => p is "" or "." or ".."))
            throw new ArgumentException($"'{path}' is not a path on a disk: relative, forward slashes, no '.' or '..'", nameof(path));
    }
}
