using System.Globalization;
using System.Text;

namespace Microcosm.Chubby;

/// <summary>What srvr, stat, cons, conf and dump tell, in ZooKeeper's words.</summary>
internal static class ServerReport
{
    // As the real one looks for connections that have gone silent.
    private const int ExpiryIntervalMs = 10_000;

    public static string Version => ChubbyOptions.Version + "--1, built on microcosm";

    public static string Server(CellMember member) => $"Zookeeper version: {Version}\n{Tail(member)}";

    public static string Stat(CellMember member, ClientConnection asking) =>
        $"Zookeeper version: {Version}\nClients:\n{Clients(member, asking, isFull: false)}\n{Tail(member)}";

    public static string Mode(CellMember member) =>
        !member.IsServing ? "read-only"
        : member.Options.IsStandalone ? "standalone"
        : member.Replica.IsLeader ? "leader"
        : member.Ensemble.IsObserver ? "observer" : "follower";

    /// <summary>ZooKeeper has the root under two names, and counts both.</summary>
    public static int NodeCount(CellMember member) => member.State.Tree.Count + 1;

    /// <summary>A line a connection; its own latency and session where <paramref name="isFull"/>.</summary>
    public static string Clients(CellMember member, ClientConnection asking, bool isFull)
    {
        var text = new StringBuilder();
        foreach (var client in member.Connections)
        {
            var counts = client.Counts;
            text.Append(CultureInfo.InvariantCulture, $" /{client.Transport.Remote}[{(client == asking ? 0 : 1)}]");
            text.Append(CultureInfo.InvariantCulture, $"(queued={client.Outstanding},recved={counts.ReceivedCount},sent={counts.Sent}");
            if (isFull && client.SessionId != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $",sid=0x{client.SessionId:x},lop={counts.LastOperation}");
                text.Append(CultureInfo.InvariantCulture, $",est={counts.EstablishedMs},to={client.TimeoutMs}");
                if (counts.LastXid >= 0)
                    text.Append(CultureInfo.InvariantCulture, $",lcxid=0x{counts.LastXid:x}");
                var latency = counts.Latency;
                text.Append(CultureInfo.InvariantCulture, $",lzxid=0x{counts.LastZxid:x},lresp={counts.LastResponseMs}");
                text.Append(CultureInfo.InvariantCulture, $",llat={latency.Last},minlat={latency.Min}");
                text.Append(CultureInfo.InvariantCulture, $",avglat={latency.Sum / Math.Max(1, latency.Count)},maxlat={latency.Max}");
            }
            text.Append(")\n");
        }
        return text.ToString();
    }

    public static string Configuration(CellMember member, ClientConnection asking)
    {
        var options = member.Options;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"clientPort={LocalPort(asking)}\nsecureClientPort=-1\ndataDir=/version-2\n");
        text.Append(CultureInfo.InvariantCulture, $"dataDirSize=0\ndataLogDir=/version-2\ndataLogSize=0\ntickTime={options.TickTime}\n");
        text.Append(CultureInfo.InvariantCulture, $"maxClientCnxns={options.MaxClientCnxns}\n");
        text.Append(CultureInfo.InvariantCulture, $"minSessionTimeout={options.MinSessionTimeout}\n");
        text.Append(CultureInfo.InvariantCulture, $"maxSessionTimeout={options.MaxSessionTimeout}\nclientPortListenBacklog=-1\n");
        text.Append(CultureInfo.InvariantCulture, $"serverId={(options.IsStandalone ? 0 : member.Id)}\n");
        if (member.Ensemble.Config.Find(member.Id) is { } own)
        {
            text.Append("initLimit=10\nsyncLimit=5\nelectionAlg=3\n");
            text.Append(CultureInfo.InvariantCulture, $"electionPort={own.ElectionPort}\nquorumPort={own.QuorumPort}\n");
            text.Append(CultureInfo.InvariantCulture, $"peerType={(own.IsObserver ? 1 : 0)}\nmembership: \n{member.Ensemble.Config}");
        }
        return text.ToString();
    }

    public static string Dump(CellMember member)
    {
        var text = new StringBuilder("SessionTracker dump:\n");
        if (member.Replica.IsLeader)
            DumpLeases(member, text);
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"Global Sessions({member.State.Sessions.Count}):\n");
            foreach (var session in member.State.Sessions.All)
                text.Append(CultureInfo.InvariantCulture, $"0x{session.Id:x}\t{session.TimeoutMs}ms\n");
        }
        var owners = member.State.Tree.Ephemerals.ToArray();
        text.Append(CultureInfo.InvariantCulture, $"ephemeral nodes dump:\nSessions with Ephemerals ({owners.Length}):\n");
        text.Append(Sections(owners.Select(o => ($"0x{o.Key:x}:", (IReadOnlyCollection<string>)o.Value))));
        DumpConnections(member, text);
        return text.ToString();
    }

    /// <summary>Heads, and under each its lines.</summary>
    public static string Sections(IEnumerable<(string Head, IReadOnlyCollection<string> Lines)> sections) =>
        string.Concat(sections.Select(s => $"{s.Head}\n{string.Concat(s.Lines.Select(l => $"\t{l}\n"))}"));

    private static void DumpLeases(CellMember member, StringBuilder text)
    {
        var sets = member.Leases.Queue.GroupBy(q => q.DeadlineMs).ToArray();
        text.Append(CultureInfo.InvariantCulture, $"Session Sets ({sets.Length})/({member.Leases.Count}):\n");
        foreach (var set in sets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{set.Count()} expire at {Date(member, set.Key)}:\n");
            foreach (var (_, session) in set)
                text.Append(CultureInfo.InvariantCulture, $"\t0x{session:x}\n");
        }
    }

    private static void DumpConnections(CellMember member, StringBuilder text)
    {
        var sets = member.Connections.GroupBy(c => (c.Counts.HeardMs + (c.SessionId == 0 ? ExpiryIntervalMs : c.TimeoutMs))
            / ExpiryIntervalMs * ExpiryIntervalMs + ExpiryIntervalMs).OrderBy(g => g.Key).ToArray();
        text.Append(CultureInfo.InvariantCulture, $"Connections dump:\nConnections Sets ({sets.Length})/({member.Connections.Count}):\n");
        foreach (var set in sets)
        {
            text.Append(CultureInfo.InvariantCulture, $"{set.Count()} expire at {Date(member, set.Key)}:\n");
            foreach (var client in set)
                text.Append(CultureInfo.InvariantCulture, $"\tip: /{client.Transport.Remote} sessionId: 0x{client.SessionId:x}\n");
        }
    }

    // As Java prints a date.
    private static string Date(CellMember member, long atMs)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds(member.NowMs + atMs - member.LeaseClockMs);
        return string.Create(CultureInfo.InvariantCulture, $"{at:ddd MMM dd HH:mm:ss} UTC {at.Year}");
    }

    private static string Tail(CellMember member)
    {
        var (counts, proposals) = (member.Counts, member.Counts.Proposals);
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            Latency min/avg/max: {counts.Latency.Min}/{counts.Latency.Average}/{counts.Latency.Max}
            Received: {counts.Received}
            Sent: {counts.Sent}
            Connections: {member.Connections.Count}
            Outstanding: {member.Connections.Sum(c => c.Outstanding)}
            Zxid: 0x{member.State.Zxid:x}
            Mode: {Mode(member)}
            Node count: {NodeCount(member)}

            """).ReplaceLineEndings("\n");
        return Mode(member) != "leader" ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text}Proposal sizes last/min/max: {Size(proposals.Last, proposals)}")
                + string.Create(CultureInfo.InvariantCulture, $"/{Size(proposals.Min, proposals)}/{Size(proposals.Max, proposals)}\n");
    }

    private static long Size(long bytes, AvgMinMaxCounter of) => of.Count == 0 ? -1 : bytes;

    private static int LocalPort(ClientConnection asking) => asking.Transport.Local switch
    {
        System.Net.IPEndPoint socket => socket.Port,
        Runtime.NodeEndPoint node => node.Port,
        _ => 0,
    };
}
