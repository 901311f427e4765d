using System.Text.RegularExpressions;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Runs a script of members that come and go against one cluster; what is said in it stands in its head.</summary>
internal sealed partial class MemberScript(IEtcdCluster cluster, int membersMax)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What a line brings, without what differs between two clusters.</summary>
    public async Task<string> RunAsync(string line)
    {
        var words = line.Split(' ');
        if (words is [var verb, var name] && int.TryParse(name, out var node))
        {
            await (verb switch
            {
                "start" => cluster.StartAsync(node),
                "kill" => cluster.KillAsync(node),
                "erase" => cluster.EraseAsync(node),
                "ended" => cluster.EndedAsync(node),
                _ => throw new ArgumentException(line),
            });
            return "";
        }
        var at = "1";
        if (At().Match(line) is { Success: true } elsewhere)
        {
            at = elsewhere.Groups[1].Value;
            line = line[elsewhere.Length..];
        }
        var until = "";
        if (Until().Match(line) is { Success: true } awaited)
        {
            until = awaited.Groups[1].Value;
            line = line[awaited.Length..];
        }
        var etcdctl = new EtcdctlLine("", string.Join(',', at.Select(m => cluster.Endpoint(m - '0'))));
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            var output = await etcdctl.PrintAsync(await FilledAsync(line, etcdctl));
            if (output.Contains(until, StringComparison.Ordinal) || late.IsCancellationRequested)
                return Normal(output);
        }
    }

    private async Task<string> FilledAsync(string line, EtcdctlLine etcdctl)
    {
        if (line.Contains("$ID", StringComparison.Ordinal))
        {
            var members = await etcdctl.PrintAsync("member list");
            line = Id().Replace(line, m => members.Split('\n').FirstOrDefault(l =>
                l.Contains(cluster.PeerUrl(m.Groups[1].Value[0] - '0'), StringComparison.Ordinal))?.Split(',')[0] ?? "0");
        }
        for (var i = 1; i <= membersMax; i++)
            line = line.Replace($"$PEER{i}", cluster.PeerUrl(i), StringComparison.Ordinal);
        return line;
    }

    private string Normal(string output)
    {
        for (var i = 1; i <= membersMax; i++)
        {
            output = output.Replace(cluster.PeerUrl(i), $"PEER{i}", StringComparison.Ordinal)
                .Replace("http://" + cluster.Endpoint(i), $"CLIENT{i}", StringComparison.Ordinal)
                .Replace(cluster.Endpoint(i), $"CLIENT{i}", StringComparison.Ordinal);
        }
        output = LogLine().Replace(output, "");
        output = Hex().Replace(output, "ID");
        output = JsonNumber().Replace(output, "\"$1\":N");
        output = FieldNumber().Replace(output, "\"$1\" : N");
        output = Elapsed().Replace(output, "TIME");
        output = Hash().Replace(output, "HASH");
        // In the order of the members' numbers, which are by chance.
        output = Initial().Replace(output, m => $"ETCD_INITIAL_CLUSTER=\"{string.Join(',', m.Groups[1].Value.Split(',').Order())}\"");
        output = Json().Replace(output, m => string.Join("},", m.Value.TrimEnd('}').Split("},").Order(StringComparer.Ordinal)));
        output = Status().Replace(output, "| $1 | STATUS | $2 |");
        output = Padding().Replace(output, " ");
        return string.Join('\n', output.Split('\n').Select(l => l.Trim()).Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("^at (\\d+): ")]
    private static partial Regex At();

    [GeneratedRegex("^until '(.*?)': ")]
    private static partial Regex Until();

    [GeneratedRegex("\\$ID(\\d)")]
    private static partial Regex Id();

    [GeneratedRegex("\\{\"level\":\"warn\".*\n")]
    private static partial Regex LogLine();

    [GeneratedRegex("\\b[0-9a-f]{14,16}\\b")]
    private static partial Regex Hex();

    [GeneratedRegex("\"(cluster_id|member_id|raft_term|ID|leader|raftIndex|raftTerm|raftAppliedIndex|dbSize|dbSizeInUse|hash)\":\\d+")]
    private static partial Regex JsonNumber();

    [GeneratedRegex("\"(ClusterID|MemberID|RaftTerm|RaftIndex|RaftAppliedIndex|DBSize|DBSizeInUse|Leader|ID|Hash)\" ?: ?\\d+")]
    private static partial Regex FieldNumber();

    [GeneratedRegex("took = \\S+|in \\d[\\d.µmns]+|\\d+(\\.\\d+)?(ms|µs|s)\\b")]
    private static partial Regex Elapsed();

    [GeneratedRegex("(?<=CLIENT\\d, )\\d{6,}|(?<=CLIENT\\d \\| +)\\d{6,}")]
    private static partial Regex Hash();

    [GeneratedRegex("ETCD_INITIAL_CLUSTER=\"(.*)\"")]
    private static partial Regex Initial();

    [GeneratedRegex("(?<=\"members\":\\[).*(?=\\])")]
    private static partial Regex Json();

    // Version, size, who leads, term and indexes.
    [GeneratedRegex(@"\| +(CLIENT\d) \|.*?\| +(?:true|false) \| +(true|false) \|.*?\|(?= *[^|]*\|\n)")]
    private static partial Regex Status();

    [GeneratedRegex("[ +-]{2,}")]
    private static partial Regex Padding();
}
