using System.Diagnostics;

namespace Microcosm.Template.Tests;

/// <summary>
/// A checkout beside this one with no system in it: the root's files, the course, eng/new with its templates, eng/Tidy and cosm. What is
/// not there (kits, the generator, the products below cosm) its projects reference in this one, where it is built already.
/// </summary>
internal sealed class SmallCheckout : IDisposable
{
    private const string Whole = "MicrocosmWholeCheckout";

    private static readonly string[] Folders = ["docs/course/", "eng/template/", "eng/Tidy/", "products/Cli/src/"];
    private static readonly string[] Files = ["eng/layers.txt", "eng/new", "products/Cli/README.md", "products/Cli/Microcosm.Cli.csproj"];
    private static readonly string[] Outside = ["kits/", "eng/Generator/", "products/World/", "products/Testing/"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly string _whole = WholeRoot();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("microcosm-stamped-");

    public SmallCheckout()
    {
        foreach (var path in FilesBelow(_whole).Where(IsCopied))
        {
            var to = PathOf(path);
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Path.Combine(_whole, path), to);
        }
        var solution = File.ReadAllLines(PathOf("Microcosm.slnx"));
        File.WriteAllLines(PathOf("Microcosm.slnx"),
            solution.Where(l => !l.Contains("<Project ") || File.Exists(PathOf(l.Split('"')[1]))));
        var targets = File.ReadAllText(PathOf("Directory.Build.targets"));
        File.WriteAllText(PathOf("Directory.Build.targets"), targets.Replace("</Project>", References() + "</Project>"));
    }

    public string PathOf(string path) => Path.Combine(_folder.FullName, path);

    /// <summary>Runs a program at the root of the checkout and returns what it prints; it must end with 0.</summary>
    public async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
        var text = await output + await errors;
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{text}");
        return text;
    }

    /// <summary>Starts a program at the root of the checkout.</summary>
    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in Environment())
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string WholeRoot()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "Microcosm.slnx")))
            at = at.Parent ?? throw new InvalidOperationException("Microcosm.slnx is in no folder above the tests");
        return at.FullName + Path.DirectorySeparatorChar;
    }

    private static IEnumerable<string> FilesBelow(string root) => Directory.EnumerateFiles(root)
        .Concat(new[] { "docs", "eng", "products" }.SelectMany(
            f => Directory.EnumerateFiles(Path.Combine(root, f), "*", SearchOption.AllDirectories)))
        .Select(f => Path.GetRelativePath(root, f).Replace('\\', '/'));

    private static bool IsCopied(string path) => (!path.Contains('/') && path != ".git") || Files.Contains(path)
        || Folders.Any(f => path.StartsWith(f, StringComparison.Ordinal));

    // Where the whole one is stands in the environment: no file may name a machine's folder.
    private static string References()
    {
        var moved = string.Concat(Outside.Select(f => $"->Replace('$(RepoRoot){f}', '$({Whole}){f}')"));
        return $"""
              <ItemGroup>
                <MovedReference Include="@(ProjectReference->'%(FullPath)'{moved})" />
                <ProjectReference Remove="@(ProjectReference)" />
                <ProjectReference Include="@(MovedReference)" />
              </ItemGroup>
              <!-- cosm is a client of some systems. -->
              <ItemGroup Condition="'$(MSBuildProjectName)' == 'Microcosm.Cli'">
                <ProjectReference Include="$({Whole})systems/*/src/*.csproj" />
              </ItemGroup>

            """;
    }

    // One compiler for all. What else says how to build is inherited, lest this checkout's projects be built anew.
    private Dictionary<string, string> Environment() => new()
    {
        [Whole] = _whole,
        ["UseSharedCompilation"] = "true",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_NOLOGO"] = "1",
        ["NO_COLOR"] = "1",
        ["MICROCOSM_SEEDS"] = "20",
    };
}
