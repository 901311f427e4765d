using System.Diagnostics;
using System.Net;

namespace Microcosm.Coordination;

/// <summary>Three members under measurement.</summary>
internal abstract class Cluster : IDisposable
{
    public const int Members = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    protected Cluster(string name, string protocol)
    {
        (Name, Protocol) = (name, protocol);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
        AppDomain.CurrentDomain.UnhandledException += (_, _) => Dispose();
    }

    public string Name { get; }

    /// <summary>zookeeper or etcd.</summary>
    public string Protocol { get; }

    /// <summary>Where clients connect to, a member each.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; protected set; } = [];

    /// <summary>User and system time of all its processes so far.</summary>
    public abstract TimeSpan Cpu { get; }

    protected DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("coordination-");

    /// <summary>Ends a member without a warning; on return it is dead.</summary>
    public abstract void Kill(int member);

    /// <summary>Starts it again.</summary>
    public abstract void Restart(int member);

    public abstract void Dispose();

    /// <summary>A connection to a member, for the session of one that broke where that is given.</summary>
    public WireClient Connect(int member, WireClient? broken = null) => Protocol == "etcd"
        ? new EtcdClient(EndPoints[member], (EtcdClient?)broken)
        : new ZooKeeperClient(EndPoints[member], (ZooKeeperClient?)broken);

    public WireClient ConnectReady(int member)
    {
        var client = Connect(member);
        client.AwaitReady();
        return client;
    }

    /// <summary>Who leads, as soon as somebody does and everybody serves.</summary>
    public int AwaitLeader()
    {
        var leader = -1;
        Await("a leader", () => (leader = Enumerable.Range(0, Members).FirstOrDefault(Leads, -1)) >= 0);
        for (var member = 0; member < Members; member++)
            AwaitServing(member);
        return leader;
    }

    /// <summary>Waits until a member answers requests.</summary>
    public void AwaitServing(int member) => Await($"member {member + 1}", () =>
    {
        using var client = ConnectReady(member);
        if (Protocol == "etcd")
            client.AskIfLeader();
        return true;
    });

    protected void Await(string what, Func<bool> isThere)
    {
        var watch = Stopwatch.StartNew();
        while (!Try(isThere))
        {
            if (watch.Elapsed > Patience)
                throw new TimeoutException($"{Name}: {what} did not come within {Patience.TotalSeconds} s");
            // Servers of others: there is nothing that would tell.
            Thread.Sleep(20);
        }
    }

    private bool Leads(int member) => Try(() =>
    {
        using var client = Connect(member);
        return client.AskIfLeader();
    });

    private static bool Try(Func<bool> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or HttpRequestException)
        {
            return false;
        }
    }
}
