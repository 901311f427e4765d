using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;

[assembly: AssemblyFixture(typeof(Microcosm.Packages.Tests.Packed))]

namespace Microcosm.Packages.Tests;

/// <summary>Every package, made once for all tests of what was built, in a folder that is gone when they end.</summary>
public sealed class Packed : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly string _root = Directory.CreateTempSubdirectory("microcosm-packages").FullName;

    /// <summary>Of all packages. No other run had it, so that what lies in a cache is never taken for what was packed.</summary>
    public string Version { get; } = $"0.1.0-check.{DateTime.UtcNow.Ticks}";

    /// <summary>A source of packages.</summary>
    public string Folder => Path.Combine(_root, "packages");

    /// <summary>The folder of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>As these tests were built.</summary>
    public static string Configuration { get; } =
        typeof(Packed).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    /// <summary>The names of all packages, without the version.</summary>
    public IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.nupkg")
        .Select(f => Path.GetFileName(f)[..^$".{Version}.nupkg".Length]).Order(StringComparer.Ordinal);

    public async ValueTask InitializeAsync() => await Run.DotnetAsync(Repository, Nothing, "pack", "eng/Packages.proj",
        "--no-build", "-c", Configuration, "-o", Folder, $"-p:PackageVersion={Version}");

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>An empty folder for a test, outside of the repository.</summary>
    public string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;

    /// <summary>Opens a package, or its symbols by <c>snupkg</c>.</summary>
    public ZipArchive Open(string name, string kind = "nupkg") =>
        ZipFile.OpenRead(Path.Combine(Folder, $"{name}.{Version}.{kind}"));

    /// <summary>What a package says of itself, by element.</summary>
    public ILookup<string, XElement> Says(string name)
    {
        using var package = Open(name);
        using var nuspec = package.GetEntry($"{name}.nuspec")!.Open();
        return XDocument.Load(nuspec).Descendants().ToLookup(e => e.Name.LocalName);
    }

    private static string FindRepository()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Microcosm.slnx")))
                return at.FullName;
        }
        throw new InvalidOperationException("Microcosm.slnx is in no folder above the tests");
    }
}
