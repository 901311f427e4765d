using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microcosm.Score;

/// <summary>
/// Runs those tests of Debian's kazoo that talk to a server: on three members of Debian's ZooKeeper, started by kazoo's own harness, and on
/// a cell of three of ours, whose members it stops and starts too. What needs gevent, eventlet or Kerberos is left out on both sides alike.
/// </summary>
internal static partial class KazooSuite
{
    private const string Tests = "/usr/lib/python3/dist-packages/kazoo/tests";

    // What kazoo's harness gives the real one: the password "test" for who may do everything.
    private const string Super = "super:D/InIHSb7yEEbrWz8b9l71RjZJU=";

    private static readonly string[] LeftOut = ["test_gevent_handler", "test_eventlet_handler", "test_sasl"];

    /// <summary>One run of each side, module by module.</summary>
    public static async Task<List<UnitRun>> RunAsync(string root, IReadOnlyCollection<string> modules)
    {
        var real = await RealAsync(root, modules);
        Console.WriteLine($"real {real.Values.Sum(r => r.Passed)}");
        var ours = await OursAsync(root, modules);
        return [.. real.Keys.Union(ours.Keys).Order(StringComparer.Ordinal).Select(m =>
            new UnitRun(m, real.GetValueOrDefault(m, Nothing), ours.GetValueOrDefault(m, Nothing)))];
    }

    private static UnitResult Nothing { get; } = new(0, [], "did not run");

    private static Task<Dictionary<string, UnitResult>> RealAsync(string root, IReadOnlyCollection<string> modules)
    {
        // The jar names the others it wants.
        return PytestAsync(root, modules, new()
        {
            ["ZOOKEEPER_CLASSPATH"] = "/usr/share/java/zookeeper.jar",
            ["ZOOKEEPER_VERSION"] = "3.8.0",
        });
    }

    private static async Task<Dictionary<string, UnitResult>> OursAsync(string root, IReadOnlyCollection<string> modules)
    {
        using var cell = await Cosm.StartAsync(root, "chubby",
            "replicas=3", "tickTime=2000", "DigestAuthenticationProvider.superDigest=" + Super);
        return await PytestAsync(root, modules, new()
        {
            ["CELL_HOSTS"] = cell.Connection("chubby"),
            ["COSM"] = Cosm.Program(root),
            ["COSM_CONTROL_PORT"] = $"{new Uri(cell.Told["control"]!.ToString()).Port}",
            ["ZOOKEEPER_VERSION"] = "3.8.0",
        });
    }

    private static async Task<Dictionary<string, UnitResult>> PytestAsync(
        string root, IReadOnlyCollection<string> modules, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-m", "pytest", "-q", "-p", "cell", "-p", "no:cacheprovider",
            "-p", "no:logging", "--timeout=120", "--tb=no", "-rpfEs", .. LeftOut.Select(m => $"--ignore={Tests}/{m}.py"),
            .. modules.Count == 0 ? [Tests] : modules.Select(m => $"{Tests}/{m}.py")])
        {
            WorkingDirectory = Directory.CreateTempSubdirectory("score").FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.Environment["PYTHONPATH"] = Path.Combine(root, "eng/Score/kazoo");
        using var pytest = Process.Start(start)!;
        var errors = pytest.StandardError.ReadToEndAsync();
        var text = await pytest.StandardOutput.ReadToEndAsync();
        await errors;
        Directory.Delete(start.WorkingDirectory, recursive: true);
        return Outcome().Matches(text).GroupBy(m => m.Groups[2].Value).ToDictionary(g => g.Key, g => new UnitResult(
            g.Count(m => m.Groups[1].Value == "PASSED"),
            [.. g.Where(m => m.Groups[1].Value != "PASSED").Select(m => m.Groups[3].Value).Distinct()],
            ""));
    }

    [GeneratedRegex(@"^(PASSED|FAILED|ERROR) \S*?(test_\w+)\.py::(\S+)", RegexOptions.Multiline)]
    private static partial Regex Outcome();
}
