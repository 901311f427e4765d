using System.Globalization;
using System.Text;

namespace Microcosm.Chubby;

/// <summary>ZooKeeper's four-letter words: four bytes in place of a first packet, text back, and the connection ends.</summary>
internal static class FourLetterWords
{
    private static readonly Dictionary<string, Func<CellMember, ClientConnection, string>> Words = new(StringComparer.Ordinal)
    {
        ["ruok"] = (_, _) => "imok",
        ["isro"] = (m, _) => m.IsServing ? "rw" : m.Options.ReadOnlyModeEnabled ? "ro" : "null",
        ["srvr"] = (m, _) => IfServing(m, () => Server(m)),
        ["stat"] = (m, c) => IfServing(m, () => $"Zookeeper version: {Version}\nClients:\n{Clients(m, c, false)}\n{ServerTail(m)}"),
        ["cons"] = (m, c) => IfServing(m, () => Clients(m, c, true) + "\n"),
        ["conf"] = (m, c) => IfServing(m, () => Configuration(m, c)),
        ["envi"] = (m, _) => Environment(m),
        ["mntr"] = (m, _) => IfServing(m, () => Monitor(m)),
        ["dump"] = (m, _) => IfServing(m, () => Dump(m)),
        ["wchs"] = (m, _) => IfServing(m, () =>
            $"{m.Watches.WatcherCount} connections watching {m.Watches.PathCount} paths\nTotal watches:{m.Watches.Count}\n"),
        ["wchc"] = (m, _) => IfServing(m, () => Sections(m.Watches.ByWatcher().Select(w => (SessionName(w.Watcher), w.Paths)))),
        ["wchp"] = (m, _) => IfServing(m, () => Sections(m.Watches.ByPath().Select(w =>
            (w.Path, (IReadOnlyCollection<string>)[.. w.Watchers.Select(SessionName)])))),
        ["srst"] = (m, _) => IfServing(m, () =>
        {
            (m.Counts.Received, m.Counts.Sent) = (0, 0);
            return "Server stats reset.\n";
        }),
        ["dirs"] = (_, _) => "datadir_size: 0\nlogdir_size: 0\n",
        ["gtmk"] = (_, _) => "306",
    };

    private static string Version => ChubbyOptions.Version + "--1, built on microcosm";

    public static bool IsWord(ReadOnlySpan<byte> bytes) => Words.ContainsKey(Encoding.ASCII.GetString(bytes));

    public static string Answer(CellMember member, ClientConnection client, ReadOnlySpan<byte> bytes)
    {
        var word = Encoding.ASCII.GetString(bytes);
        var allowed = member.Options.FourLetterWordsWhitelist;
        if (allowed.Trim() != "*" && !allowed.Split(',').Select(w => w.Trim()).Contains(word))
            return $"{word} is not executed because it is not in the whitelist.\n";
        return Words[word](member, client);
    }

    private static string IfServing(CellMember member, Func<string> answer) =>
        member.IsServing ? answer() : "This ZooKeeper instance is not currently serving requests\n";

    private static string Server(CellMember member) => $"Zookeeper version: {Version}\n{ServerTail(member)}";

    private static string ServerTail(CellMember member) => string.Create(CultureInfo.InvariantCulture, $"""
        Latency min/avg/max: 0/0.0/0
        Received: {member.Counts.Received}
        Sent: {member.Counts.Sent}
        Connections: {member.Connections.Count}
        Outstanding: {member.Connections.Sum(c => c.Outstanding)}
        Zxid: 0x{member.State.Zxid:x}
        Mode: {Mode(member)}
        Node count: {member.State.Tree.Count}

        """).ReplaceLineEndings("\n");

    private static string Mode(CellMember member) =>
        !member.IsServing ? "read-only" : member.Options.Replicas == 1 ? "standalone" : member.Replica.IsLeader ? "leader" : "follower";

    private static string Clients(CellMember member, ClientConnection self, bool isFull)
    {
        var text = new StringBuilder();
        foreach (var client in member.Connections)
        {
            var counts = client.Counts;
            text.Append(CultureInfo.InvariantCulture, $" /{client.Transport.Remote}[{(client == self ? 0 : 1)}]");
            text.Append(CultureInfo.InvariantCulture, $"(queued={client.Outstanding},recved={counts.ReceivedCount},sent={counts.Sent}");
            if (isFull && client.SessionId != 0)
            {
                text.Append(CultureInfo.InvariantCulture, $",sid=0x{client.SessionId:x},lop={counts.LastOperation}");
                text.Append(CultureInfo.InvariantCulture, $",est={counts.EstablishedMs},to={client.TimeoutMs}");
                text.Append(CultureInfo.InvariantCulture, $",lzxid=0x{counts.LastZxid:x},lresp={counts.LastResponseMs}");
            }
            text.Append(")\n");
        }
        return text.ToString();
    }

    private static string Configuration(CellMember member, ClientConnection asking)
    {
        var options = member.Options;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"clientPort={LocalPort(asking)}\nsecureClientPort=-1\ndataDir=/version-2\n");
        text.Append(CultureInfo.InvariantCulture, $"dataDirSize=0\ndataLogDir=/version-2\ndataLogSize=0\ntickTime={options.TickTime}\n");
        text.Append(CultureInfo.InvariantCulture, $"maxClientCnxns={options.MaxClientCnxns}\n");
        text.Append(CultureInfo.InvariantCulture, $"minSessionTimeout={options.MinSessionTimeout}\n");
        text.Append(CultureInfo.InvariantCulture, $"maxSessionTimeout={options.MaxSessionTimeout}\nclientPortListenBacklog=-1\n");
        text.Append(CultureInfo.InvariantCulture, $"serverId={(options.Replicas == 1 ? 0 : member.Id)}\n");
        return text.ToString();
    }

    private static int LocalPort(ClientConnection asking) => asking.Transport.Local switch
    {
        System.Net.IPEndPoint socket => socket.Port,
        Runtime.NodeEndPoint node => node.Port,
        _ => 0,
    };

    private static string Environment(CellMember member) =>
        $"Environment:\nzookeeper.version={Version}\nhost.name={member.Context.Name}\n";

    private static string Monitor(CellMember member)
    {
        var state = member.State;
        var text = new StringBuilder();
        void Add(string name, object value) => text.Append(CultureInfo.InvariantCulture, $"zk_{name}\t{value}\n");
        Add("version", Version);
        Add("server_state", Mode(member));
        Add("avg_latency", "0.0");
        Add("max_latency", 0);
        Add("min_latency", 0);
        Add("packets_received", member.Counts.Received);
        Add("packets_sent", member.Counts.Sent);
        Add("num_alive_connections", member.Connections.Count);
        Add("outstanding_requests", member.Connections.Sum(c => c.Outstanding));
        Add("znode_count", state.Tree.Count);
        Add("watch_count", member.Watches.Count);
        Add("ephemerals_count", state.Tree.EphemeralCount);
        Add("approximate_data_size", state.Tree.DataBytes);
        Add("global_sessions", state.Sessions.Count);
        Add("local_sessions", 0);
        Add("uptime", member.NowMs - member.StartedMs);
        return text.ToString();
    }

    private static string Dump(CellMember member)
    {
        var text = new StringBuilder("SessionTracker dump:\n");
        text.Append(CultureInfo.InvariantCulture, $"Session Sets ({member.Leases.Queue.Select(q => q.DeadlineMs).Distinct().Count()})/");
        text.Append(CultureInfo.InvariantCulture, $"({member.Leases.Count}):\n");
        foreach (var set in member.Leases.Queue.GroupBy(q => q.DeadlineMs))
        {
            var at = DateTimeOffset.FromUnixTimeMilliseconds(member.NowMs + set.Key - member.LeaseClockMs);
            text.Append(CultureInfo.InvariantCulture, $"{set.Count()} expire at {at:ddd MMM dd HH:mm:ss} UTC {at.Year}:\n");
            foreach (var (_, session) in set)
                text.Append(CultureInfo.InvariantCulture, $"\t0x{session:x}\n");
        }
        var owners = member.State.Tree.Ephemerals.ToArray();
        text.Append(CultureInfo.InvariantCulture, $"ephemeral nodes dump:\nSessions with Ephemerals ({owners.Length}):\n");
        text.Append(Sections(owners.Select(o => ($"0x{o.Key:x}", (IReadOnlyCollection<string>)o.Value)), ":"));
        text.Append("Connections dump:\n");
        return text.ToString();
    }

    private static string Sections(IEnumerable<(string Head, IReadOnlyCollection<string> Lines)> sections, string afterHead = "")
    {
        var text = new StringBuilder();
        foreach (var (head, lines) in sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"{head}{afterHead}\n");
            foreach (var line in lines)
                text.Append(CultureInfo.InvariantCulture, $"\t{line}\n");
        }
        return text.ToString();
    }

    private static string SessionName(IWatcher watcher) => watcher is ClientConnection client ? $"0x{client.SessionId:x}" : "";
}
