using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microcosm.Chubby;
using Microcosm.Kafka;
using Microcosm.Redis;
using Microcosm.SideBySide.Chubby;
using Microcosm.SideBySide.Kafka;
using Microcosm.SideBySide.Redis;

namespace Microcosm.SideBySide.Worlds;

/// <summary>Second worlds with the state of a first one, in this process.</summary>
internal static class Forks
{
    private const int Keys = 5_000;
    private const int ValueBytes = 1_000;
    private const int Records = 5_000;
    private const string Topic = "records";

    /// <summary>What is to be known of its table.</summary>
    public static string Text { get; } = $"A world in memory with Redis, Kafka and Chubby, 10 MB in it: {Keys:N0} keys and {Records:N0} "
        + $"records of {ValueBytes:N0} bytes, and {ClusterLoad.Keys:N0} nodes. A fork is there when it answers every protocol's ping; each "
        + "is looked at whether it has the keys. Memory is the growth of this process' resident set, with what making them left behind.";

    /// <summary>Forks one at a time, then so many that all live at once.</summary>
    public static async Task SeeAsync(Figures figures, int rounds, int atOnce)
    {
        await using var world = await World.StartAsync(w => w.AddRedis().AddKafka().AddChubby());
        Fill(world);
        // The first ones compile what the others run.
        for (var round = -2; round < rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            await using var fork = await ForkAsync(world);
            if (round >= 0)
                See("one fork", "ms", Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            CheckKeys(fork);
        }
        var forks = new List<World>();
        var (load, before, start) = ($"{atOnce} forks at once", ResidentBytes(), Stopwatch.GetTimestamp());
        for (var i = 0; i < atOnce; i++)
            forks.Add(await ForkAsync(world));
        See(load, "made, s", Stopwatch.GetElapsedTime(start).TotalSeconds);
        See(load, "RSS of each, MiB", (ResidentBytes() - before) / 1048576.0 / atOnce);
        forks.ForEach(CheckKeys);
        foreach (var fork in forks)
            await fork.DisposeAsync();

        void See(string what, string figure, double value) => figures.See("ours", what, figure, value);
    }

    private static long ResidentBytes() => ProcessTree.ResidentBytes(Environment.ProcessId);

    private static async Task<World> ForkAsync(World world)
    {
        var fork = await world.ForkAsync();
        await Task.WhenAll(fork.Systems.Select(s => s.PingAsync()));
        return fork;
    }

    private static void Fill(World world)
    {
        RedisLoads.Fill(EndPoint(world, "redis").Port, Keys, ValueBytes);
        using (var producer = Target.Produce(world.System("kafka").ConnectionString))
            KafkaLoads.Write(producer, Topic, Records);
        using var chubby = new ZooKeeperClient(EndPoint(world, "chubby"), broken: null);
        chubby.AwaitReady();
        ClusterLoad.Fill(chubby);
    }

    private static void CheckKeys(World world)
    {
        using var client = new TcpClient();
        client.Connect(EndPoint(world, "redis"));
        client.GetStream().Write("DBSIZE\r\n"u8);
        using var reader = new StreamReader(client.GetStream());
        if (reader.ReadLine() is var reply && reply != $":{Keys}")
            throw new InvalidOperationException($"A fork has other keys: DBSIZE is {reply}");
    }

    private static IPEndPoint EndPoint(World world, string system) => IPEndPoint.Parse(world.System(system).Endpoints[0]);
}
