using System.Diagnostics;

namespace Microcosm.Coordination;

/// <summary>What is asked of a cluster.</summary>
internal sealed record Load(string Name, string Noun, int Clients, Func<WireClient, int, int> Ask)
{
    /// <summary>Keys that are written and read, one after the other.</summary>
    public const int Keys = 1_000;

    private const double RampSeconds = 0.5;

    /// <summary>
    /// Clients connect to the members in turn, the first to the leader; each has one request under way. Counts after a short ramp.
    /// </summary>
    public LoadResult Run(Cluster cluster, double seconds)
    {
        using var poller = new Poller();
        var leader = cluster.AwaitLeader();
        var clients = new WireClient[Clients];
        var askedAt = new long[Clients];
        for (var i = 0; i < Clients; i++)
        {
            clients[i] = cluster.ConnectReady((leader + i) % Cluster.Members);
            poller.Add(clients[i].Fd, i);
        }
        var key = 0;
        for (var i = 0; i < Clients; i++)
            AskNext(i);
        var ends = Stopwatch.GetTimestamp() + Ticks(RampSeconds);
        Pump(null);
        var latencies = new List<long>(1 << 18);
        var (began, cpu, own) = (Stopwatch.GetTimestamp(), cluster.Cpu, Environment.CpuUsage.TotalTime);
        ends = began + Ticks(seconds);
        Pump(latencies);
        var result = new LoadResult(latencies, Stopwatch.GetElapsedTime(began), cluster.Cpu - cpu, Environment.CpuUsage.TotalTime - own);
        foreach (var client in clients)
            client.Dispose();
        return result;

        void AskNext(int i)
        {
            askedAt[i] = Stopwatch.GetTimestamp();
            Ask(clients[i], key++ % Keys);
        }

        void Pump(List<long>? into)
        {
            while (Stopwatch.GetTimestamp() < ends)
            {
                foreach (var i in poller.Wait(100))
                {
                    foreach (var (_, isOk) in clients[i].Receive())
                    {
                        if (!isOk)
                            throw new IOException($"{cluster.Name} refused a request of '{Name}'");
                        into?.Add(Stopwatch.GetTimestamp() - askedAt[i]);
                        AskNext(i);
                    }
                }
            }
        }
    }

    private static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);
}
