using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Microcosm.Chubby.Tests.Etcd;

/// <summary>Runs lines of etcdctl's script against one server.</summary>
internal sealed partial class EtcdctlLine(string scheme, string endpoint)
{
    private string _lease = "";

    /// <summary>A command that has not ended by then is ended.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What the command prints and ends with, without what differs between two runs.</summary>
    public async Task<string> RunAsync(string line)
    {
        var keeps = line.StartsWith("L=", StringComparison.Ordinal);
        var command = (keeps ? line[2..] : line).Replace("$L", _lease, StringComparison.Ordinal);
        var lines = int.MaxValue;
        if (Until().Match(command) is { Success: true } until)
        {
            lines = int.Parse(until.Groups[1].Value, CultureInfo.InvariantCulture);
            command = command[until.Length..];
        }
        var input = "";
        var reads = command.IndexOf(" <<< ", StringComparison.Ordinal);
        if (reads >= 0)
        {
            input = command[(reads + 5)..].Trim('\'').Replace("\\n", "\n", StringComparison.Ordinal);
            command = command[..reads];
        }
        var output = await RunAsync(command, input, lines);
        if (keeps)
            _lease = Lease().Match(output).Groups[1].Value;
        return Normal(output);
    }

    /// <summary>What a command prints and ends with, as it is; <paramref name="end"/> ends it.</summary>
    public Task<string> PrintAsync(string command, CancellationToken end = default) => RunAsync(command, "", int.MaxValue, end);

    /// <summary>Runs a command again and again until it prints that.</summary>
    public async Task UntilAsync(string command, string expected)
    {
        using var late = new CancellationTokenSource(Patience);
        while (await PrintAsync(command, late.Token) is var printed && printed != expected)
            Assert.False(late.IsCancellationRequested, $"{command} printed {printed}");
    }

    private async Task<string> RunAsync(string command, string input, int lines, CancellationToken end = default)
    {
        var start = new ProcessStartInfo("/bin/bash")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["ETCDCTL_API"] = "3", ["ETCDCTL_ENDPOINTS"] = scheme + endpoint },
            ArgumentList = { "-c", "exec etcdctl " + command },
        };
        using var process = Process.Start(start)!;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(end);
        late.CancelAfter(Patience);
        var errors = process.StandardError.ReadToEndAsync(late.Token);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = "";
        var isCut = false;
        try
        {
            for (var i = 0; await process.StandardOutput.ReadLineAsync(late.Token) is { } read; i++)
            {
                output += read + "\n";
                if (i + 1 < lines)
                    continue;
                isCut = true;
                break;
            }
            if (isCut)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(late.Token);
            return isCut ? output : $"{output}{await errors}ended with {process.ExitCode}";
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            return output + "did not end";
        }
    }

    private string Normal(string output)
    {
        var text = output.Replace("http://" + endpoint, "ENDPOINT", StringComparison.Ordinal)
            .Replace("https://" + endpoint, "ENDPOINT", StringComparison.Ordinal).Replace(endpoint, "ENDPOINT");
        text = LogLine().Replace(text, "");
        text = JsonNumber().Replace(text, "\"$1\":N");
        text = FieldNumber().Replace(text, "\"$1\" : N");
        text = TimeLeft().Replace(text, "\"$1\" : N");
        text = Elapsed().Replace(text, "TIME");
        if (_lease.Length > 0)
        {
            var number = long.Parse(_lease, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            text = text.Replace(_lease, "LEASE", StringComparison.Ordinal)
                .Replace(number.ToString(CultureInfo.InvariantCulture), "LEASE", StringComparison.Ordinal);
        }
        text = Remaining().Replace(text, "remaining(S)");
        // etcd tells them in the order of a Go map.
        text = Attached().Replace(text, m => $"attached keys([{Sorted(m.Groups[1].Value)}])");
        text = Number().Replace(text, "NUMBER");
        // Columns are as wide as the names in them.
        return Members().Replace(Padding().Replace(text, ""), "NAME PEER");
    }

    private static string Sorted(string words) => string.Join(' ', words.Split(' ').Order(StringComparer.Ordinal));

    [GeneratedRegex("^until (\\d+): ")]
    private static partial Regex Until();

    [GeneratedRegex("lease ([0-9a-f]+)")]
    private static partial Regex Lease();

    [GeneratedRegex("\\{\"level\":\"warn\".*\n")]
    private static partial Regex LogLine();

    [GeneratedRegex("\"(cluster_id|member_id|raft_term)\":\\d+")]
    private static partial Regex JsonNumber();

    [GeneratedRegex("\"(ClusterID|MemberID|RaftTerm|RaftIndex|RaftAppliedIndex|DBSize|DBSizeInUse|Leader|ID)\" ?: ?\\d+")]
    private static partial Regex FieldNumber();

    [GeneratedRegex("\"(ttl|TTL)\" ?: ?\\d+")]
    private static partial Regex TimeLeft();

    [GeneratedRegex("took = \\S+|in \\d[\\d.µmns]+")]
    private static partial Regex Elapsed();

    [GeneratedRegex("remaining\\(\\d+s\\)")]
    private static partial Regex Remaining();

    [GeneratedRegex(@"attached keys\(\[(.*)\]\)")]
    private static partial Regex Attached();

    [GeneratedRegex("\\b[0-9a-f]{14,16}\\b")]
    private static partial Regex Number();

    [GeneratedRegex("[ +|-]{2,}")]
    private static partial Regex Padding();

    [GeneratedRegex("(etcd-1|default)\\W*http://[\\w.-]+:\\d+")]
    private static partial Regex Members();
}
