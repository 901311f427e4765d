using System.Text.RegularExpressions;

namespace Microcosm.Testing.Tests;

/// <summary>What a failing test under [Seeds] prints, and that the command it prints works: each is run for real.</summary>
public sealed partial class SeedsPrinting
{
    [Fact]
    public async Task A_failing_body_shows_its_seed_its_faults_and_a_command_that_runs_that_seed_again()
    {
        var run = await InnerRun.OfTestAsync("Fails_at_its_fourth_seed");
        Assert.Contains("Total: 5, Errors: 0, Failed: 1", run.Output);
        Assert.Contains("seed:        4", run.Output);
        Assert.Contains("faults:      1 fired", run.Output);
        Assert.Contains("redis.SET target=order* drop-reply: redis.SET no. 1 on redis-1", run.Output);
        Assert.Equal(1, run.ExitCode);

        var again = await InnerRun.OfShellAsync(ReplayOf(run));
        Assert.Contains("Total: 1, Errors: 0, Failed: 1", again.Output);
        Assert.Contains("seed:        4", again.Output);
        Assert.Contains("redis.SET target=order* drop-reply: redis.SET no. 1 on redis-1", again.Output);
        Assert.Equal(ReplayOf(run), ReplayOf(again));
    }

    [Fact]
    public async Task A_body_may_take_the_seed_alone()
    {
        var run = await InnerRun.OfTestAsync("Fails_at_an_even_number");
        Assert.Contains("Total: 3, Errors: 0, Failed: 2", run.Output);
        Assert.Contains("seed:        40", run.Output);
        Assert.Contains("seed:        42", run.Output);
        Assert.StartsWith("MICROCOSM_SEED=40 dotnet run ", ReplayOf(run));
    }

    [Fact]
    public async Task A_failing_simulation_is_shrunk_and_its_command_repeats_the_very_trace()
    {
        var run = await InnerRun.OfTestAsync("Fails_when_its_node_crashes");
        Assert.Contains("failure:     crash", run.Output);
        var trace = Assert.Single(ShrunkTrace().Matches(run.Output)).Groups["hash"].Value;
        var command = Assert.Single(SimulationReplay().Matches(run.Output)).Groups["command"].Value;
        Assert.Contains("--faults 'Crash:redis-1::", command);

        var again = await InnerRun.OfShellAsync(command);
        Assert.Contains("Total: 1, Errors: 0, Failed: 1", again.Output);
        Assert.Contains($"trace {trace}", again.Output);
    }

    [Fact]
    public async Task A_failing_test_in_a_shared_world_shows_what_fired_in_it()
    {
        var run = await InnerRun.OfTestAsync("Fails_in_a_shared_world");
        Assert.Contains("faults:      1 fired", run.Output);
        Assert.Contains("redis.GET no. 1 on redis-1", run.Output);
        Assert.Contains("node:        redis-1 running", run.Output);
    }

    [Theory]
    [InlineData(nameof(InnerRun.OfShellAsync))]
    [InlineData(nameof(ToString))]
    public async Task A_body_that_takes_something_else_is_told_so(string method)
    {
        var wrong = typeof(InnerRun).GetMethod(method, [.. method == nameof(ToString) ? Type.EmptyTypes : [typeof(string)]])!;
        var refusal = await Assert.ThrowsAsync<ArgumentException>(async () => await new SeedsAttribute(1).GetData(wrong, new()));
        Assert.Equal($"{method} has [Seeds]: its one parameter is a SeededRun or a ulong", refusal.Message);
    }

    private static string ReplayOf(InnerRun run) => Replay().Match(run.Output).Groups["command"].Value;

    [GeneratedRegex(@"replay: +(?<command>MICROCOSM_SEED=.*\S)")]
    private static partial Regex Replay();

    [GeneratedRegex(@"shrunk to:   1 in [1-9]\d* runs   trace (?<hash>[0-9a-f]{16})")]
    private static partial Regex ShrunkTrace();

    [GeneratedRegex(@"replay: +(?<command>MICROCOSM_REPLAY="".*--faults '[^' ]*'"".*\S)")]
    private static partial Regex SimulationReplay();
}
