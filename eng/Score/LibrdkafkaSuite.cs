using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microcosm.Score;

/// <summary>
/// Runs those tests of librdkafka that talk to a broker, some side by side: on three brokers of ours, and as a control on a port where
/// nobody listens, where none may pass. Its quick mode is not used: it skips parts of tests and calls them passed.
/// </summary>
internal static partial class LibrdkafkaSuite
{
    private const string ClosedPort = "127.0.0.1:9";

    // As librdkafka's own set-up has it: ACLs are obeyed, and what none names is everybody's.
    private static readonly string[] Cluster =
    [
        "nodes=3", "default.replication.factor=3", "num.partitions=4", "log.cleaner.backoff.ms=500",
        // Kafka's default is 3000, ours 0: 0113 counts on members that come at once being of one generation.
        "group.initial.rebalance.delay.ms=1000",
        "broker.rack=RACK{id}", "replica.selector.class=org.apache.kafka.common.replica.RackAwareReplicaSelector",
        "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer", "allow.everyone.if.no.acl.found=true",
    ];

    // Tests wait more than they work.
    private static readonly ParallelOptions SideBySide = new() { MaxDegreeOfParallelism = 4 };

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(900), ControlLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The tests on ours, beside how many cases each has: the real broker is not to be had from Debian, npm or NuGet.
    /// </summary>
    /// <param name="wanted">Groups or numbers; none for all.</param>
    public static async Task<List<UnitRun>> RunAsync(string root, string runner, IReadOnlyCollection<string> wanted)
    {
        using var cluster = await Cosm.StartAsync(root, "kafka", Cluster);
        var brokers = cluster.Connection("kafka");
        var tests = Tests(root, wanted).ToList();
        var results = new UnitResult[tests.Count];
        await Parallel.ForAsync(0, tests.Count, SideBySide, async (i, _) =>
            results[i] = await ToldAsync(tests[i].Unit, () => RunAsync(root, runner, brokers, tests[i].Name, Limit)));
        // Tests measure times of their own, and the machine may be busy: a second attempt, which the table tells of.
        await Parallel.ForEachAsync(Enumerable.Range(0, tests.Count).Where(i => results[i].Failed.Count > 0), SideBySide, async (i, _) =>
        {
            var again = await ToldAsync(tests[i].Unit, () => RunAsync(root, runner, brokers, tests[i].Name, Limit));
            results[i] = again with { Note = $"second attempt; {again.Note}".TrimEnd(' ', ';') };
        });
        return [.. tests.Zip(results, (t, ours) => new UnitRun(t.Unit, new UnitResult(ours.Passed + ours.Failed.Count, [], ""), ours))];
    }

    /// <summary>How many pass where nobody listens: those ask nobody for anything, and are worth nothing.</summary>
    public static async Task<int> ControlAsync(string root, string runner, IReadOnlyCollection<string> wanted)
    {
        var passed = 0;
        await Parallel.ForEachAsync(Tests(root, wanted), SideBySide, async (test, _) =>
        {
            var result = await RunAsync(root, runner, ClosedPort, test.Name, ControlLimit);
            if (result.Passed > 0)
                Console.WriteLine($"{test.Unit,-50} passes on a closed port");
            Interlocked.Add(ref passed, result.Passed);
        });
        return passed;
    }

    private static async Task<UnitResult> ToldAsync(string unit, Func<Task<UnitResult>> run)
    {
        var clock = Stopwatch.StartNew();
        var result = await run();
        Console.WriteLine(
            $"{unit,-50} {result.Passed} passed, {result.Failed.Count} failed {clock.Elapsed.TotalSeconds,5:0.0} s  {result.Note}");
        return result;
    }

    private static IEnumerable<(string Unit, string Name)> Tests(string root, IReadOnlyCollection<string> wanted) =>
        File.ReadLines(Path.Combine(root, "eng/Score/librdkafka/tests.txt")).Where(l => l.Length > 0 && l[0] != '#')
            .Select(l => (Unit: l, Words: l.Split(' ')))
            .Where(t => wanted.Count == 0 || wanted.Contains(t.Words[0]) || wanted.Contains(t.Words[1]))
            .Select(t => (t.Unit, $"{t.Words[1]}_{t.Words[2]}"));

    private static async Task<UnitResult> RunAsync(string root, string runner, string brokers, string name, TimeSpan limit)
    {
        var folder = Directory.CreateTempSubdirectory("score").FullName;
        var conf = Path.Combine(folder, "test.conf");
        await File.WriteAllTextAsync(conf, $"bootstrap.servers={brokers}\ntest.topic.random=true\n");
        // -L: none that brings its own mock broker. -E: none that breaks its own sockets.
        var start = new ProcessStartInfo(runner, ["-L", "-E", "-p1"])
        {
            WorkingDirectory = Path.GetDirectoryName(runner),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var library = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(runner)!, ".."));
        start.Environment["LD_LIBRARY_PATH"] = $"{library}/src:{library}/src-cpp";
        start.Environment["RDKAFKA_TEST_CONF"] = conf;
        start.Environment["TEST_KAFKA_VERSION"] = "4.0.0";
        start.Environment["TESTS"] = name[..4];
        // Some call Kafka's own tools, which are not to be had: ours do the same through kafkajs.
        start.Environment["KAFKA_PATH"] = Path.GetFullPath(Path.Combine(library, "../path"));
        start.Environment["BROKERS"] = brokers;
        start.Environment["KAFKAJS"] = Path.GetFullPath(Path.Combine(library, "../kafkajs"));
        using var process = Process.Start(start)!;
        using var time = new CancellationTokenSource(limit);
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(time.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        var text = Colour().Replace(await output, "");
        await errors;
        Directory.Delete(folder, recursive: true);
        return Read(text, name, time.IsCancellationRequested ? "timed out" : process.ExitCode == 0 ? "" : $"exit code {process.ExitCode}");
    }

    private static UnitResult Read(string text, string name, string ending)
    {
        // Skipped without a word: for another set-up of the cluster.
        var rows = Row().Matches(text).Where(m => m.Groups[2].Value != "SKIPPED"
            || !(m.Groups[3].Value.Trim() is "" || m.Groups[3].Value.Contains("negative test flags"))).ToArray();
        var failed = rows.Where(m => m.Groups[2].Value != "PASSED").Select(m => m.Groups[1].Value).ToArray();
        var skipped = rows.FirstOrDefault(m => m.Groups[2].Value == "SKIPPED")?.Groups[3].Value.Trim();
        // Without a summary, the test ended before it could say how.
        return rows.Length == 0 ? new UnitResult(0, [name], ending)
            : new UnitResult(rows.Length - failed.Length, failed, skipped is null ? ending : $"skipped: {skipped}");
    }

    [GeneratedRegex(@"^\| +(\d{4}_\w+) +\| +(\w+) \| +[\d.]+s \|(.*)$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]")]
    private static partial Regex Colour();
}
