#pragma warning disable RS0030 // a process starts itself once more
using System.Diagnostics;

namespace Microcosm.Nginx;

/// <summary>The program that runs, as it is started once more.</summary>
internal static class OwnProgram
{
    /// <summary>Its file.</summary>
    public static string Path => Environment.ProcessPath ?? Environment.GetCommandLineArgs()[0];

    /// <summary>The same program with the same words.</summary>
    public static ProcessStartInfo Again()
    {
        var words = Environment.GetCommandLineArgs();
        // Under the shared host the program is an argument of it.
        var isHosted = System.IO.Path.GetFileNameWithoutExtension(Path) == "dotnet";
        return new ProcessStartInfo(Path, isHosted ? words : words[1..]);
    }
}
