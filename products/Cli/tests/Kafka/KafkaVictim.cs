using System.Globalization;

namespace Microcosm.Cli.Tests;

/// <summary>Three brokers in a process of their own, under load. On memory disks a broker is killed alone, and what it had not synced is
/// lost or torn; on a data folder the whole process is.</summary>
internal sealed class KafkaVictim : IAsyncDisposable
{
    private const int Brokers = 3;
    private const int MoreRecords = 100;

    private static readonly TimeSpan InSyncWithin = TimeSpan.FromSeconds(60);

    private readonly Random _random;
    private readonly string? _data;
    private CosmUp _up = null!;

    private KafkaVictim(Random random, string? data) =>
        (_random, _data, Load) = (random, data, new KafkaLoad(new Random(random.Next())));

    public KafkaLoad Load { get; }

    public static async Task<KafkaVictim> StartAsync(Random random, bool isOnDisk)
    {
        var victim = new KafkaVictim(random, isOnDisk ? Directory.CreateTempSubdirectory("microcosm-kill").FullName : null);
        await victim.UpAsync();
        await KafkaClients.CreateTopicAsync(victim._up.Kafka);
        victim.Load.Connect(victim._up.Kafka);
        return victim;
    }

    /// <summary>Kills when so many more records are acknowledged, and returns when production has gone on; says who died.</summary>
    public async Task<string> KillAsync(int afterRecords)
    {
        Load.Resume();
        await Load.MoreAsync(afterRecords);
        return await (_data is null ? KillBrokerAsync() : KillAllAsync());
    }

    /// <summary>What there is to be seen of the brokers.</summary>
    public async Task<string> DescribeAsync()
    {
        var brokers = await Task.WhenAll(Enumerable.Range(1, Brokers).Select(b => _up.RunAsync("inside", $"kafka-{b}")));
        return (await _up.RunAsync("logs")).Text + string.Join('\n', brokers.Select(b => b.Text + b.Errors));
    }

    public async ValueTask DisposeAsync()
    {
        Load.Dispose();
        await _up.DisposeAsync();
        if (_data is not null)
            Directory.Delete(_data, recursive: true);
    }

    private async Task UpAsync()
    {
        string[] disk = _data is null ? ["--memory"] : ["--data", _data];
        var seed = _random.Next().ToString(CultureInfo.InvariantCulture);
        _up = await CosmUp.StartAsync(["kafka", .. disk, "--seed", seed, "--set", $"kafka.nodes={Brokers}"]);
    }

    private async Task<string> KillBrokerAsync()
    {
        // Rather one that leads the partition.
        var partitions = KafkaClients.Describe(_up.Kafka);
        var leader = partitions[_random.Next(partitions.Count)].Leader;
        var broker = _random.Next(3) > 0 && leader > 0 ? leader : 1 + _random.Next(Brokers);
        var led = partitions.Count(p => p.Leader == broker);
        await NodeAsync("kill", broker);
        await Load.MoreAsync(MoreRecords);
        await NodeAsync("restart", broker);
        await Load.MoreAsync(MoreRecords);
        // Else the next kill meets it as it catches up.
        if (_random.Next(3) > 0)
            await InSyncAsync();
        return $"kafka-{broker}, leader of {led}";
    }

    private async Task<string> KillAllAsync()
    {
        await _up.KillAsync();
        Load.Dispose();
        await _up.DisposeAsync();
        await UpAsync();
        Load.Connect(_up.Kafka);
        Load.Resume();
        await Load.MoreAsync(MoreRecords);
        return "the process";
    }

    private async Task NodeAsync(string action, int broker)
    {
        var run = await _up.RunAsync("node", action, $"kafka-{broker}");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    private async Task InSyncAsync()
    {
        using var patience = new CancellationTokenSource(InSyncWithin);
        while (KafkaClients.Describe(_up.Kafka).Exists(p => p.InSyncReplicas.Length < Brokers))
        {
            if (patience.IsCancellationRequested)
                throw new TimeoutException("some replicas do not come in sync again");
            await Load.MoreAsync(MoreRecords);
        }
    }
}
