using System.Diagnostics;

namespace Microcosm.SideBySide.Chubby;

/// <summary>Clients that ask a cluster again and again.</summary>
internal static class ClusterLoad
{
    /// <summary>Keys that are written and read, one after the other.</summary>
    public const int Keys = 1_000;

    private const double RampSeconds = 0.5;
    private const int ManyClients = 256;

    /// <summary>By a section's protocol; what warms is what has most clients: it compiles code and grows heaps.</summary>
    public static IEnumerable<Load<Cluster>> All(string protocol, int seconds)
    {
        foreach (var clients in new[] { 1, 16, ManyClients })
            yield return Load($"writes, {clients} client{(clients > 1 ? "s" : "")}", "write", clients, (c, key) => c.Write(key));
        if (protocol == "etcd")
            yield return Reads("linearizable reads", isLinearizable: true);
        yield return Reads(protocol == "etcd" ? "serializable reads" : "reads", isLinearizable: false);

        Load<Cluster> Reads(string name, bool isLinearizable) =>
            Load($"{name}, {ManyClients} clients", "read", ManyClients, (c, key) => c.Read(key, isLinearizable));

        Load<Cluster> Load(string name, string noun, int clients, Func<WireClient, int, int> ask) =>
            new(name, noun, seconds, clients == ManyClients ? 3 * seconds : 0, (cluster, s, meter) => Run(cluster, s, meter, clients, ask))
                { HasOwnClients = true };
    }

    /// <summary>Makes the keys.</summary>
    public static void Fill(WireClient client)
    {
        for (var key = 0; key < Keys; key++)
            client.Create(key);
    }

    // Clients connect to the members in turn, the first to the leader; each has one request under way. Counts after a short ramp.
    private static Outcome Run(Cluster cluster, int seconds, Meter meter, int count, Func<WireClient, int, int> ask)
    {
        using var poller = new Poller();
        var leader = cluster.AwaitLeader();
        var clients = new WireClient[count];
        var askedAt = new long[count];
        for (var i = 0; i < count; i++)
        {
            clients[i] = cluster.ConnectReady((leader + i) % Cluster.Members);
            poller.Add(clients[i].Fd, i);
        }
        var key = 0;
        for (var i = 0; i < count; i++)
            AskNext(i);
        Pump(RampSeconds, null);
        var latencies = new List<long>(1 << 18);
        meter.Begin();
        Pump(seconds, latencies);
        meter.End();
        foreach (var client in clients)
            client.Dispose();
        return Outcome.Of(latencies.Count, latencies.Select(l => l * 1000.0 / Stopwatch.Frequency));

        void AskNext(int i)
        {
            askedAt[i] = Stopwatch.GetTimestamp();
            ask(clients[i], key++ % Keys);
        }

        void Pump(double duration, List<long>? into)
        {
            var ends = Stopwatch.GetTimestamp() + (long)(duration * Stopwatch.Frequency);
            while (Stopwatch.GetTimestamp() < ends)
            {
                foreach (var i in poller.Wait(100))
                {
                    foreach (var (_, isOk) in clients[i].Receive())
                    {
                        if (!isOk)
                            throw new IOException($"{cluster.Name} refused a request");
                        into?.Add(Stopwatch.GetTimestamp() - askedAt[i]);
                        AskNext(i);
                    }
                }
            }
        }
    }
}
