namespace Microcosm.Cli.Tests;

/// <summary>Commands that need no world, and command lines that are wrong.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("Required command was not provided.")]
    [InlineData("Unrecognized command or argument 'bogus'.", "bogus")]
    [InlineData("There is no system 'kafak'. Known: {systems}", "up", "kafak")]
    [InlineData("Argument 'random' not recognized", "up", "--ports", "random")]
    [InlineData("--data and --memory exclude each other", "up", "--data", "x", "--memory")]
    [InlineData("'maxmemory=1' is not an option: write system.name=value", "up", "--set", "maxmemory=1")]
    [InlineData("no system 'kafak' is started", "up", "--set", "kafak.x=1")]
    [InlineData("nosuch", "up", "--set", "redis.nosuch=1")]
    [InlineData("(possibly related to argument 'maxmemory')", "up", "--set", "redis.maxmemory=plenty")]
    [InlineData("'kafka' is no external system: write system=host:port", "up", "--external", "kafka")]
    [InlineData("There is no system 'kafak'. Known:", "up", "--external", "kafak=localhost:9092")]
    [InlineData("'redis' cannot be external. Those that can: kafka", "up", "--external", "redis=localhost:6379")]
    [InlineData("'kafka' is external twice", "up", "--external", "kafka=a:1", "--external", "kafka=b:1")]
    [InlineData("Invalid url in bootstrap.servers: localhost", "up", "--external", "kafka=localhost")]
    [InlineData("Invalid value TLS for configuration", "up", "--external", "kafka=a:1", "--set", "kafka.security.protocol=TLS")]
    [InlineData("Unknown configuration 'nodes'", "up", "--external", "kafka=a:1", "--set", "kafka.nodes=3")]
    [InlineData("Argument 'xml' not recognized", "ps", "--output", "xml")]
    [InlineData("Required argument 'node' missing for command", "node", "kill")]
    [InlineData("say which workload; 'cosm sim --list' shows them", "sim")]
    [InlineData("There is no workload 'nope'. Known: {workloads}", "sim", "nope")]
    [InlineData("--seeds is at least 1", "sim", "redis-counters", "--seeds", "0")]
    [InlineData("Not a fault: 'x'", "sim", "redis-counters", "--faults", "x")]
    [InlineData("This build cannot plant bugs", "sim", "redis-counters", "--planted", "redis/dirty-read")]
    [InlineData("--faults belong to one workload: say which", "replay", "1", "--faults", "none")]
    [InlineData("Cannot parse argument 'x'", "replay", "x")]
    [InlineData("there is no score of 'zuul'. Known: {scores}", "score", "zuul")]
    [InlineData("there is no chapter '29'; 'cosm learn' lists them", "learn", "29")]
    [InlineData("there is no chapter 'zookeeper'", "learn", "zookeeper", "--yes")]
    [InlineData("say which: cosm score redis --run", "score", "--run")]
    public async Task A_wrong_command_line_ends_with_2_and_says_why(string why, params string[] arguments)
    {
        var run = await Cosm.RunAsync(arguments);
        Assert.Equal((2, ""), (run.ExitCode, run.Text));
        Assert.StartsWith("cosm: ", run.Errors);
        // What is known grows by itself: with the folders of systems/.
        var told = why.Replace("{systems}", Listed(Catalog.Names)).Replace("{workloads}", Listed(Catalog.Workloads.Select(w => w.Name)))
            .Replace("{scores}", Listed(ScoreTable.Names));
        Assert.Contains(told, run.Errors);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("sim", "--help")]
    [InlineData("up", "--help")]
    [InlineData("--version")]
    public async Task Help_and_version_are_no_errors(params string[] arguments)
    {
        var run = await Cosm.RunAsync(arguments);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.NotEmpty(run.Text);
    }

    [Fact]
    public async Task The_help_says_the_exit_codes() => Assert.Contains(
        "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 no world runs, 4 a simulation failed.",
        (await Cosm.RunAsync("--help")).Text);

    [Fact]
    public async Task Sim_runs_every_workload_that_it_lists()
    {
        var listed = (await Cosm.RunAsync("sim", "--list", "--output", "json")).Json.AsArray().Select(w => (string)w!["name"]!).ToList();
        Assert.Equal(listed, (await Cosm.RunAsync("sim", "--list")).Text.TrimEnd().Split('\n').Select(l => l.Split(' ')[0]));
        foreach (var workload in listed)
        {
            var run = await Cosm.RunAsync("sim", workload, "--seeds", "5", "--seed", "100", "--output", "json");
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            Assert.Equal((workload, 5), ((string)run.Json["workload"]!, (int)run.Json["seedsRun"]!));
        }
    }

    [Fact]
    public async Task A_failing_seed_ends_with_4_and_its_replay_line_gives_the_same_trace()
    {
        // Down for as long as the clients work: nobody is ever answered, which the judge does not accept.
        const string Faults = "Crash:redis-1::0+5000:0 Pause:redis-1::100+10:0";
        var run = await Cosm.RunAsync("sim", "redis-counters", "--seed", "3", "--faults", Faults, "--output", "json");
        Assert.Equal(4, run.ExitCode);
        var failure = run.Json["failure"]!;
        Assert.Equal((3, "idle", true), ((int)failure["seed"]!, (string)failure["kind"]!, (bool)failure["isReproduced"]!));
        Assert.Equal("Crash:redis-1::0+5000:0", (string)Assert.Single(failure["shrunk"]!["faults"]!.AsArray())!);

        Assert.Equal("cosm sim redis-counters --seed 3 --faults 'Crash:redis-1::0+5000:0'", (string)failure["replay"]!);
        var again = await Cosm.RunAsync("replay", "3", "redis-counters", "--faults", "Crash:redis-1::0+5000:0", "--output", "json");
        Assert.Equal(4, again.ExitCode);
        Assert.Equal((string)failure["shrunk"]!["traceHash"]!, (string)again.Json["traceHash"]!);
    }

    [Fact]
    public async Task Replay_prints_the_same_trace_in_every_process()
    {
        var first = await Cosm.RunAsync("replay", "11");
        var second = await Cosm.RunAsync("replay", "11");
        Assert.Equal((0, first.Text), (second.ExitCode, second.Text));
        Assert.Matches(@"trace:       [0-9a-f]{16}   twice", first.Text);
        Assert.NotEqual(first.Text, (await Cosm.RunAsync("replay", "12")).Text);
    }

    [Fact]
    public async Task Score_shows_the_table_that_is_committed()
    {
        var redis = (await Cosm.RunAsync("score", "--output", "json")).Json.AsArray().Single(s => (string)s!["system"]! == "redis")!;
        var units = redis["units"]!.AsArray();
        Assert.Equal((int)redis["ours"]!, units.Sum(u => (int)u!["ours"]!));
        Assert.Equal((int)redis["real"]!, units.Sum(u => (int)u!["real"]!));
        Assert.Matches("^20[0-9-]{8}$", (string)redis["day"]!);
        Assert.Matches($"redis .*TCL suite.* {redis["real"]} .* {redis["ours"]} .*{redis["day"]}", (await Cosm.RunAsync("score")).Text);
        Assert.Contains($"redis: {redis["ours"]} of {redis["real"]}", (await Cosm.RunAsync("score", "redis")).Text);
    }

    [Fact]
    public async Task Score_runs_only_in_a_checkout()
    {
        var folder = Directory.CreateTempSubdirectory("microcosm-cli");
        // The program itself stands in the checkout that built it: its copy elsewhere does not.
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        var command = Cosm.Command("score", "redis", "--run");
        command.FileName = Path.Combine(folder.FullName, Path.GetFileName(command.FileName));
        command.WorkingDirectory = folder.FullName;
        var run = await Cosm.RunAsync(command);
        folder.Delete(recursive: true);
        Assert.Equal((1, "cosm: --run needs a checkout of the repository: eng/score is in no folder above this one\n"),
            (run.ExitCode, run.Errors));
    }

    [Fact]
    public async Task The_doctor_starts_a_world_and_names_what_is_missing()
    {
        var command = Cosm.Command("doctor", "--output", "json");
        command.Environment["PATH"] = Path.GetDirectoryName(Environment.ProcessPath);
        var run = await Cosm.RunAsync(command);
        Assert.Equal(0, run.ExitCode);
        var checks = run.Json.AsArray().ToDictionary(c => (string)c!["name"]!, c => c!);
        Assert.Equal("ok", (string)checks["world"]["state"]!);
        Assert.Equal("warning", (string)checks["redis-cli"]["state"]!);
        Assert.Contains("port 6379", checks.Keys);
        Assert.Contains("event loop", checks.Keys);
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names);
}
