using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>The power fails at any step on the disk; and the proof that these scripts would find what is wrong.</summary>
public sealed class LogCrashTests(ITestOutputHelper output)
{
    private const int Seeds = 5_000;

    [Fact]
    public async Task A_log_stands_a_crash_at_any_step()
    {
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            if (await FailureAsync(seed, kinds: kinds) is { } failure)
                Assert.Fail($"seed {seed}: {failure}");
        }
        output.WriteLine(string.Join(", ", kinds.Select(k => $"{k.Key} {k.Value}")));
        Assert.Superset(new HashSet<string> { "create", "write", "cut", "sync", "room", "delete" }, kinds.Keys.ToHashSet());
    }

    [Theory]
    [InlineData("kafka/tail-trusted")]
    [InlineData("kafka/names-not-synced")]
    [InlineData("kafka/checkpoint-before-sync")]
    [InlineData("kafka/checkpoint-not-lowered")]
    [InlineData("kafka/sync-covers-later-appends")]
    [InlineData("kafka/index-not-truncated")]
    [InlineData("kafka/deleted-before-checkpoint")]
    [InlineData("kafka/checkpoint-believed")]
    public async Task Finds(string bug)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            if (await FailureAsync(seed, bug) is not { } failure)
                continue;
            output.WriteLine($"seed {seed}: {failure}");
            Assert.Equal(failure, await FailureAsync(seed, bug));
            Assert.Null(await FailureAsync(seed));
            return;
        }
        Assert.Fail($"{bug} was not found within {Seeds} seeds");
    }

    private static async Task<string?> FailureAsync(ulong seed, string? bug = null, SortedDictionary<string, int>? kinds = null)
    {
        using var planted = bug is null ? null : Bug.Plant(bug);
        var crash = new LogCrash(seed);
        try
        {
            await crash.RunAsync();
            if (kinds is not null && crash.LastStep.Split(' ')[0] is var kind)
                kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            return null;
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name}: {e.Message}{(kinds is null ? "" : e.StackTrace)}";
        }
    }
}
