using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Microcosm.Chubby.Tests.ZkCli;

/// <summary>
/// One zkCli that runs a script against one server. Behind each command comes a sync, by whose answer all events of before are printed, and
/// a command of the client's own by whose output the end is known.
/// </summary>
internal sealed partial class ZkCliScript : IAsyncDisposable
{
    private const string End = "printwatches is";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    public ZkCliScript(string endpoint, string? jaas) => _process = Process.Start(new ProcessStartInfo("/bin/bash")
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        ArgumentList =
        {
            "-c", "exec java -Xmx128m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=off "
                + "-Dzookeeper.extendedTypesEnabled=true " + (jaas is null ? "" : $"-Djava.security.auth.login.config={jaas} ")
                + $"-cp {RealZooKeeper.ClassPath} org.apache.zookeeper.ZooKeeperMain -waitforconnection -server {endpoint} 2>&1",
        },
    })!;

    /// <summary>What every command prints, without what differs between two runs.</summary>
    public async Task<List<(string Command, string Output)>> RunAsync(IEnumerable<string> commands)
    {
        var outputs = new List<(string, string)>();
        await _process.StandardInput.WriteLineAsync("printwatches");
        await ReadAsync();
        foreach (var command in commands)
        {
            await _process.StandardInput.WriteLineAsync($"{command}\nsync /\nprintwatches");
            outputs.Add((command, Normal(await ReadAsync())));
        }
        return outputs;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> ReadAsync()
    {
        await _process.StandardInput.FlushAsync();
        var output = "";
        while (true)
        {
            var line = await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience);
            if (line is null)
                return output + "zkCli ended";
            if (line.StartsWith(End, StringComparison.Ordinal))
                return output;
            output += line + "\n";
        }
    }

    // Events are printed by another thread than answers: they are told apart here, in their own order.
    private static string Normal(string output)
    {
        var events = string.Concat(Event().Matches(output).Select(m => m.Value));
        var text = Event().Replace(Head().Replace(output, ""), "").Replace("Sync is OK\n", "", StringComparison.Ordinal);
        // By chance: zkCli lets the thread that waits go before it notes that a delete was refused (ZKUtil.deleteInBatch).
        text = text.Replace("Failed to delete some node(s) in the subtree!\n", "", StringComparison.Ordinal);
        // What the client tells itself of its connection comes at its own time.
        text = OfConnection().Replace(text, "");
        text = Time().Replace(text, "$1 = T");
        text = Zxid().Replace(text, "$1 = Z");
        text = Owner().Replace(text, "$1 = OWNER");
        // Addresses are as long as they are.
        text = Length().Replace(text, "$1 = N");
        text = Version().Replace(text, "version=V");
        text = Founder().Replace(text, "$1=MEMBER:$2");
        text = Clients().Replace(text, m => "V " + new string('c', m.Value.Count(c => c == ',')));
        // In the order of a Java set.
        text = Identities().Replace(text, m => string.Join('\n', m.Value.Split('\n').Order(StringComparer.Ordinal)));
        return text + events;
    }

    [GeneratedRegex("^WatchedEvent .*type:(?!None).*\n", RegexOptions.Multiline)]
    private static partial Regex Event();

    [GeneratedRegex("^WatchedEvent .*type:None.*\n", RegexOptions.Multiline)]
    private static partial Regex OfConnection();

    [GeneratedRegex("^\n?WATCHER::\n\n?|^\n(?=WatchedEvent)", RegexOptions.Multiline)]
    private static partial Regex Head();

    [GeneratedRegex("^([cm]time) = (?!Thu Jan 01 00:00:00 UTC 1970).*", RegexOptions.Multiline)]
    private static partial Regex Time();

    [GeneratedRegex("^([cmp]Zxid) = 0x[1-9a-f][0-9a-f]*", RegexOptions.Multiline)]
    private static partial Regex Zxid();

    [GeneratedRegex("^(ephemeralOwner) = 0x[0-9a-f]{2,}", RegexOptions.Multiline)]
    private static partial Regex Owner();

    [GeneratedRegex(@"^(dataLength) = \d{3}", RegexOptions.Multiline)]
    private static partial Regex Length();

    [GeneratedRegex("^version=[0-9a-f]{9}", RegexOptions.Multiline)]
    private static partial Regex Version();

    [GeneratedRegex(@"^(server\.[123])=\S+:(participant|observer);\S+", RegexOptions.Multiline)]
    private static partial Regex Founder();

    [GeneratedRegex(@"^[0-9a-f]{9} [\w.-]+:\d+(,[\w.-]+:\d+)*", RegexOptions.Multiline)]
    private static partial Regex Clients();

    [GeneratedRegex("Auth scheme: User\n((?:.+: .*\n?)+)")]
    private static partial Regex Identities();
}
