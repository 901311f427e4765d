using System.Text;

namespace Microcosm.Chubby;

/// <summary>ZooKeeper's four-letter words: four bytes in place of a first packet, text back, and the connection ends.</summary>
internal static class FourLetterWords
{
    private static readonly Dictionary<string, Func<CellMember, ClientConnection, string>> Words = new(StringComparer.Ordinal)
    {
        ["ruok"] = (_, _) => "imok",
        ["isro"] = (m, _) => m.IsServing ? "rw" : m.Options.ReadOnlyModeEnabled ? "ro" : "null",
        ["srvr"] = (m, _) => IfServing(m, () => ServerReport.Server(m)),
        ["stat"] = (m, c) => IfServing(m, () => ServerReport.Stat(m, c)),
        ["cons"] = (m, c) => IfServing(m, () => ServerReport.Clients(m, c, isFull: true) + "\n"),
        ["conf"] = (m, c) => IfServing(m, () => ServerReport.Configuration(m, c)),
        ["envi"] = (m, _) => Environment(m),
        ["mntr"] = (m, _) => IfServing(m, () => new MonitorReport(m).ToString()),
        ["dump"] = (m, _) => IfServing(m, () => ServerReport.Dump(m)),
        ["wchs"] = (m, _) => IfServing(m, () => WatchSummary(m)),
        ["wchc"] = (m, _) => IfServing(m, () =>
            ServerReport.Sections(m.Watches.ByWatcher().Select(w => (SessionName(w.Watcher), w.Paths))) + "\n"),
        ["wchp"] = (m, _) => IfServing(m, () => ServerReport.Sections(m.Watches.ByPath().Select(w =>
            (w.Path, (IReadOnlyCollection<string>)[.. w.Watchers.Select(SessionName)]))) + "\n"),
        ["srst"] = (m, _) => IfServing(m, () =>
        {
            m.Counts.Reset();
            return "Server stats reset.\n";
        }),
        ["crst"] = (m, _) => IfServing(m, () =>
        {
            foreach (var client in m.Connections)
                client.Counts.Reset();
            return "Connection stats reset.\n";
        }),
        ["dirs"] = (_, _) => "datadir_size: 0\nlogdir_size: 0\n",
        ["gtmk"] = (_, _) => "306",
    };

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

    private static string WatchSummary(CellMember member)
    {
        var watched = member.Watches.ByPath().ToArray();
        return $"{member.Watches.ByWatcher().Count()} connections watching {watched.Length} paths\n"
            + $"Total watches:{watched.Sum(w => w.Watchers.Count)}\n";
    }

    private static string Environment(CellMember member) =>
        $"Environment:\nzookeeper.version={ServerReport.Version}\nhost.name={member.Context.Name}\n";

    private static string SessionName(IWatcher watcher) => watcher is ClientConnection client ? $"0x{client.SessionId:x}" : "";
}
