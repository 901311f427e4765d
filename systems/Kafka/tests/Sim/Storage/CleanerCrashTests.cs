using Microcosm.Runtime;

namespace Microcosm.Kafka.Tests.Sim;

/// <summary>Cleanings and crashes; and the proof that these scripts would find what is wrong.</summary>
public sealed class CleanerCrashTests(ITestOutputHelper output)
{
    private const int Seeds = 3_000;

    [Fact]
    public async Task Readers_of_a_cleaned_log_miss_nothing_whatever_crashes()
    {
        var cleanings = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var (failure, count) = await RunAsync(seed);
            Assert.True(failure is null, $"seed {seed}: {failure}");
            cleanings += count;
        }
        output.WriteLine($"{cleanings} cleanings");
        Assert.True(cleanings > Seeds, $"{cleanings} cleanings");
    }

    [Theory]
    [InlineData("kafka/swap-without-checkpoint")]
    [InlineData("kafka/tombstone-dropped-early")]
    [InlineData("kafka/checkpoint-before-sync")]
    public async Task Finds(string bug)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            if (await RunAsync(seed, bug) is not ({ } failure, _))
                continue;
            output.WriteLine($"seed {seed}: {failure}");
            Assert.Equal(failure, (await RunAsync(seed, bug)).Failure);
            Assert.Null((await RunAsync(seed)).Failure);
            return;
        }
        Assert.Fail($"{bug} was not found within {Seeds} seeds");
    }

    private static async Task<(string? Failure, int Cleanings)> RunAsync(ulong seed, string? bug = null)
    {
        using var planted = bug is null ? null : Bug.Plant(bug);
        var crash = new CleanerCrash(seed);
        try
        {
            await crash.RunAsync();
            return (null, crash.Cleanings);
        }
        catch (Exception e)
        {
            return ($"{e.GetType().Name}: {e.Message}{(bug is null ? e.StackTrace : "")}", 0);
        }
    }
}
