using System.Diagnostics;

namespace Microcosm.SideBySide;

internal static class ProcessExtensions
{
    /// <summary>The process with fresh figures.</summary>
    public static Process Refreshed(this Process process)
    {
        process.Refresh();
        return process;
    }
}
