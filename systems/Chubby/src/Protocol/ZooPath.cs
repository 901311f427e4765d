namespace Microcosm.Chubby;

/// <summary>ZooKeeper's rules for paths (<c>PathUtils</c>).</summary>
internal static class ZooPath
{
    /// <summary>False for what no node may be called: an empty name, <c>.</c>, <c>..</c>, a trailing slash, control characters.</summary>
    public static bool IsValid(string path)
    {
        if (path.Length == 0 || path[0] != '/')
            return false;
        if (path.Length == 1)
            return true;
        if (path[^1] == '/')
            return false;
        var start = 1;
        for (var i = 1; i <= path.Length; i++)
        {
            if (i < path.Length && path[i] != '/')
            {
                if (IsForbidden(path[i]))
                    return false;
                continue;
            }
            if (path.AsSpan(start, i - start) is "" or "." or "..")
                return false;
            start = i + 1;
        }
        return true;
    }

    /// <summary>The parent's path; that of a node below the root is <c>/</c>.</summary>
    public static string Parent(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    /// <summary>The last name in a path.</summary>
    public static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static bool IsForbidden(char c) =>
        c is <= '\u001f' or (>= '\u007f' and <= '\u009f') or (>= '\ud800' and <= '\uf8ff') or >= '\ufff0';
}
