namespace Microcosm.Cli.Tests;

/// <summary>
/// kill -9 under the official client's load. In turn one broker dies, of a cluster whose disks lose what was not synced, and all of them,
/// with their process, which leave their data folder. Two kills here; <c>eng/kill9 kafka</c> does 100.
/// </summary>
public sealed class KafkaKillTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Killed_brokers_have_every_acknowledged_record()
    {
        var (kills, seed) = (KillTests.Number("MICROCOSM_KILLS", 2), KillTests.Number("MICROCOSM_SEED", Random.Shared.Next()));
        output.WriteLine($"MICROCOSM_SEED={seed}");
        var random = new Random(seed);
        await using var one = await KafkaVictim.StartAsync(random, isOnDisk: false);
        await using var all = await KafkaVictim.StartAsync(random, isOnDisk: true);
        var bad = new KafkaVerdict();
        for (var kill = 1; kill <= kills; kill++)
        {
            var victim = kill % 2 == 1 ? one : all;
            try
            {
                var what = await victim.KillAsync(afterRecords: random.Next(1, 2_000));
                var verdict = await victim.Load.CheckAsync();
                output.WriteLine($"kill {kill}, {what}: {victim.Load.Ledger.Acknowledged} acknowledged, {verdict}");
                bad += verdict;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                throw new InvalidOperationException($"kill {kill}, MICROCOSM_SEED={seed}: {e.Message}\n{await victim.DescribeAsync()}", e);
            }
        }
        var acknowledged = one.Load.Ledger.Acknowledged + all.Load.Ledger.Acknowledged;
        output.WriteLine($"{kills} kills, {acknowledged} acknowledged records: {bad}");
        Assert.Equal(default, bad);
    }
}
