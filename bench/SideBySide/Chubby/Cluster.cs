using System.Net;

namespace Microcosm.SideBySide.Chubby;

/// <summary>Three members under measurement.</summary>
internal abstract class Cluster(string name, string protocol) : Server(name)
{
    public const int Members = 3;

    /// <summary>zookeeper or etcd.</summary>
    public string Protocol => protocol;

    /// <summary>Where clients connect to, a member each.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; protected set; } = [];

    /// <summary>Ends a member without a warning; on return it is dead.</summary>
    public abstract void Kill(int member);

    /// <summary>Starts it again.</summary>
    public abstract void Restart(int member);

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
        Until("a leader", () => (leader = Enumerable.Range(0, Members).FirstOrDefault(Leads, -1)) >= 0);
        for (var member = 0; member < Members; member++)
            AwaitServing(member);
        return leader;
    }

    /// <summary>Waits until a member answers requests.</summary>
    public void AwaitServing(int member) => Until($"member {member + 1}", () =>
    {
        using var client = ConnectReady(member);
        if (Protocol == "etcd")
            client.AskIfLeader();
        return true;
    });

    private void Until(string what, Func<bool> isThere) => Await(what, () => Try(isThere), eachMs: 20);

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
