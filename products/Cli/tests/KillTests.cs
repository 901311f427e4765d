using System.Globalization;

namespace Microcosm.Cli.Tests;

/// <summary>kill -9 under load with appendfsync always. Three rounds here; <c>eng/kill9 redis</c> runs 200.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int ClientCount = 6;

    [Fact]
    public async Task A_killed_redis_has_every_acknowledged_write()
    {
        var rounds = Number("MICROCOSM_KILLS", 3);
        var seed = Number("MICROCOSM_SEED", Random.Shared.Next());
        output.WriteLine($"MICROCOSM_SEED={seed}");
        var random = new Random(seed);
        var clients = Enumerable.Range(1, ClientCount).Select(i => new DurableClient(i, new Random(random.Next()))).ToList();
        var data = Directory.CreateTempSubdirectory("microcosm-kill").FullName;
        for (var round = 0; round <= rounds; round++)
        {
            await using var up = await CosmUp.StartAsync(
                "redis", "--data", data, "--set", "redis.appendonly=yes", "--set", "redis.appendfsync=always");
            using (var line = new RedisLine(up.Redis))
            {
                foreach (var client in clients)
                    await client.CheckAsync(line);
            }
            if (round < rounds)
                await LoadAndKillAsync(up, clients, afterWrites: random.Next(1, 10_000));
        }
        output.WriteLine($"{rounds} kills, {clients.Sum(c => c.Acknowledged)} acknowledged writes, none lost");
        Directory.Delete(data, recursive: true);
    }

    private static async Task LoadAndKillAsync(CosmUp up, List<DurableClient> clients, int afterWrites)
    {
        var kill = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var load = Task.WhenAll(clients.Select(c => c.WriteAsync(up.Redis, n =>
        {
            if (Interlocked.Add(ref afterWrites, -n) <= 0)
                kill.TrySetResult();
        })));
        if (await Task.WhenAny(kill.Task, load) == load)
        {
            await load;
            var ends = string.Join(", ", clients.Select(c => c.End).Distinct());
            Assert.Fail($"the server closed every connection before it was killed: {ends}\n{(await up.RunAsync("logs")).Text}");
        }
        await up.KillAsync();
        await load;
    }

    internal static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
