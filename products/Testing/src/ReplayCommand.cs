using System.Reflection;

namespace Microcosm.Testing;

/// <summary>
/// The command that runs one test again from a seed. It starts the test project itself, as xunit v3 projects can be started, so it works
/// in any folder and whatever runner <c>dotnet test</c> uses.
/// </summary>
/// <param name="testMethod">The test.</param>
/// <param name="sourceFile">The file that it is in, as the compiler saw it.</param>
internal sealed class ReplayCommand(MethodInfo testMethod, string? sourceFile)
{
    /// <summary>The command for a seed.</summary>
    public string OfSeed(ulong seed) => $"MICROCOSM_SEED={seed} {Command}";

    /// <summary>The command for a simulation with its faults.</summary>
    public string OfReplay(string replay) => $"MICROCOSM_REPLAY=\"{replay}\" {Command}";

    private string Command => $"{Start()} -method '{testMethod.DeclaringType!.FullName}.{testMethod.Name}'";

    // From source if it is here, so that a repaired test is built anew; else the assembly that ran.
    private string Start()
    {
        var assembly = testMethod.DeclaringType!.Assembly;
        if (ProjectOf(sourceFile) is not { } project)
            return $"dotnet {Shell(assembly.Location)}";
        var configuration = assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration;
        return $"dotnet run{(configuration is null or "Debug" ? "" : " -c " + configuration)} --project {Shell(project)} --";
    }

    private static string? ProjectOf(string? file)
    {
        for (var folder = Path.GetDirectoryName(file); !string.IsNullOrEmpty(folder) && Directory.Exists(folder);
            folder = Path.GetDirectoryName(folder))
        {
            if (Directory.EnumerateFiles(folder, "*.*proj").FirstOrDefault() is { } project)
                return project;
        }
        return null;
    }

    // Relative where the user's shell stands above it. The process may stand elsewhere by now: runners change their folder.
    private static string Shell(string path)
    {
        var from = Environment.GetEnvironmentVariable("PWD");
        var relative = from is null ? path : Path.GetRelativePath(from, path);
        var shown = relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
        return shown.Contains(' ') ? $"'{shown}'" : shown;
    }
}
