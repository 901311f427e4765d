using Microcosm.Runtime;

namespace Microcosm.Storage.Tests;

/// <summary>
/// The power fails in every step on the disk (creation, write, cut, sync, deletion), before it and after it, with torn writes by seed; also
/// while the log recovers from that. What was acknowledged is there, in order, and nothing but a prefix of what was not.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Scripts = 20;
    private const int Steps = 25;
    private const int TornSeeds = 2;

    [Fact]
    public async Task A_crash_at_any_step_keeps_what_was_acknowledged()
    {
        var (crashes, kinds) = (0, new SortedSet<string>(StringComparer.Ordinal));
        for (ulong script = 1; script <= Scripts; script++)
        {
            var steps = await RunAsync(script, at: 0, isAfter: false, torn: 0, kinds);
            for (var at = 1; at <= steps; at++)
            {
                for (var torn = 0; torn < TornSeeds * 2; torn++)
                {
                    await RunAsync(script, at, isAfter: torn % 2 == 0, torn, kinds);
                    crashes++;
                }
            }
        }
        output.WriteLine($"{crashes} crashes, in: {string.Join(", ", kinds)}");
        Assert.Superset(new HashSet<string> { "create", "write", "cut", "sync", "delete" }, kinds);
    }

    // Runs a script until the power fails at a step (0: never), recovers, goes on, lets it fail again, recovers. Returns the steps taken.
    private static async Task<int> RunAsync(ulong script, int at, bool isAfter, int torn, SortedSet<string> kinds)
    {
        var place = $"script {script}, step {at}, after {isAfter}, torn {torn}";
        var disk = new MemoryDisk();
        var crash = new CrashingDisk(disk, at, isAfter);
        var (model, random) = (new LogModel(), new RandomStream(script));
        var options = LogScript.Options(random);
        var isOpen = await TryAsync(crash.Disk, options, model, new LogScript(model, random, "a"));
        if (at > 0)
        {
            Assert.True(crash.IsDown, place);
            kinds.Add(crash.LastStep.Split(' ')[0]);
        }
        var power = new RandomStream(script * 1_000_003 + (ulong)(at * 16 + torn));
        disk.Crash(power);
        if (power.Chance(0.3))
        {
            // Once more, while it recovers. The log shows nothing of that, so the model need not know.
            var again = new CrashingDisk(disk, 1 + power.Next(12), power.Chance(0.5));
            await TryAsync(again.Disk, options, model: null, script: null);
            disk.Crash(power);
        }
        await ReopenAsync(disk, options, model, place, log => new LogScript(model, power, "b").RunAsync(log, 6), commits: true);
        disk.Crash(power);
        await ReopenAsync(disk, options, model, place + ", at the end", _ => Task.CompletedTask, commits: false);
        return isOpen ? crash.Steps : 0;
    }

    private static async Task<bool> TryAsync(IDisk disk, LogOptions options, LogModel? model, LogScript? script)
    {
        try
        {
            using var log = await SegmentedLog.OpenAsync(disk, "log", options);
            Assert.Null(model?.Reopened(LogContent.Of(log)));
            if (script is not null)
                await script.RunAsync(log, Steps);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task ReopenAsync(
        IDisk disk, LogOptions options, LogModel model, string place, Func<SegmentedLog, Task> work, bool commits)
    {
        using var log = await SegmentedLog.OpenAsync(disk, "log", options);
        var fault = model.Reopened(LogContent.Of(log));
        Assert.True(fault is null, $"{place}: {fault}");
        await work(log);
        if (commits)
            await new LogScript(model, new RandomStream(0), "c").CommitAsync(log);
    }
}
