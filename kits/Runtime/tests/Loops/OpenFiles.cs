using System.Runtime.InteropServices;

namespace Microcosm.Runtime.Tests;

/// <summary>The limit of open files of this process.</summary>
internal static unsafe partial class OpenFiles
{
    private const int NoFile = 7;

    /// <summary>Raises the soft limit as far as the system lets us.</summary>
    public static void RaiseLimit()
    {
        var limit = stackalloc ulong[] { 65_536, 65_536 };
        if (SetLimit(NoFile, limit) == 0)
            return;
        GetLimit(NoFile, limit);
        limit[0] = limit[1];
        _ = SetLimit(NoFile, limit);
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ulong* limit);

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, ulong* limit);
}
