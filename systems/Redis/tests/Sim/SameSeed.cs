using System.Diagnostics;
using System.Globalization;
using Microcosm.Simulation;

namespace Microcosm.Redis.Tests.Sim;

/// <summary>One seed is one story: the same trace hash on every run, and in another process.</summary>
public class SameSeed(ITestOutputHelper output)
{
    private const string Ask = "MICROCOSM_TRACE_OF_SEED";

    [Fact]
    public void Gives_the_same_trace_a_hundred_times()
    {
        var first = Trace(7);
        for (var i = 1; i < 100; i++)
            Assert.Equal(first, Trace(7));
        Assert.NotEqual(first, Trace(8));
        output.WriteLine($"seed 7: trace {first:x16}, 100 of 100 runs");
    }

    [Fact]
    public async Task Gives_the_same_trace_in_another_process()
    {
        // This test's own program, told to run one seed: a process with other addresses, other hash seeds, another thread pool.
        var program = Environment.ProcessPath!;
        using var other = Process.Start(new ProcessStartInfo(program,
            ["-method", "*.SameSeed.Tells_a_trace", "-showLiveOutput", "-noColor"])
        {
            RedirectStandardOutput = true,
            Environment = { [Ask] = "7" },
        })!;
        var told = await other.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Contains($"trace {Trace(7):x16} of seed 7", told, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_a_trace()
    {
        if (Environment.GetEnvironmentVariable(Ask) is not { } seed)
        {
            Assert.Skip($"{Ask} says of which seed; the test above sets it in a second process.");
            return;
        }
        output.WriteLine($"trace {Trace(ulong.Parse(seed, CultureInfo.InvariantCulture)):x16} of seed {seed}");
    }

    private static ulong Trace(ulong seed) => SeedRunner.RunOne(SeedsToRun.Workload, seed).TraceHash;
}
