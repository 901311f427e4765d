using Microcosm.Runtime;

namespace Microcosm.Storage.Tests;

/// <summary>Random changes of a log and of a list, under random options: they agree after each step and after each opening.</summary>
public sealed class ModelTests : IDisposable
{
    private const int Seeds = 1_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("microcosm").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_log_agrees_with_a_list()
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
            await RunAsync(seed, new MemoryDisk(), rounds: 4, steps: 40);
    }

    [Fact]
    public async Task A_log_on_a_real_disk_agrees_with_a_list()
    {
        for (ulong seed = 1; seed <= 5; seed++)
            await RunAsync(seed, new RealDisk(Path.Combine(_folder, $"{seed}")), rounds: 3, steps: 30);
    }

    private static async Task RunAsync(ulong seed, IDisk disk, int rounds, int steps)
    {
        var random = new RandomStream(seed);
        var model = new LogModel();
        var script = new LogScript(model, random, "v");
        for (var round = 0; round < rounds; round++)
        {
            using var log = await SegmentedLog.OpenAsync(disk, "wal/main", LogScript.Options(random));
            var fault = model.Reopened(LogContent.Of(log));
            Assert.True(fault is null, $"seed {seed}: {fault}");
            await script.RunAsync(log, steps);
            Assert.True(model.Now.IsSame(LogContent.Of(log)), $"seed {seed}: {model.Now}\nbut {LogContent.Of(log)}");
            if (random.Chance(0.5))
            {
                // A clean end loses nothing; without it what was not written is lost.
                await log.CloseAsync();
                model.Acknowledge(model.Count);
            }
        }
    }
}
