using System.Globalization;
using System.Text;

namespace Microcosm.Chubby;

/// <summary>
/// mntr: ZooKeeper's lines that have a meaning here. Queues of its processors, its caches, its JVM and its TLS have none.
/// </summary>
internal sealed class MonitorReport(CellMember member)
{
    private readonly StringBuilder _text = new();

    public override string ToString()
    {
        var mode = ServerReport.Mode(member);
        Add("version", ServerReport.Version);
        Add("server_state", mode);
        if (mode != "standalone")
        {
            var doing = mode switch { "leader" => "leading", "observer" => "observing", _ => "following" };
            Add("peer_state", doing + " - broadcast");
        }
        AddServer();
        if (mode == "leader")
            AddLeader();
        if (!member.Ensemble.Config.IsStandalone)
            Add("quorum_size", member.Ensemble.Config.Voters.Count());
        AddCounters();
        AddSummary("readlatency", member.Counts.ReadLatency);
        AddSummary("updatelatency", member.Counts.UpdateLatency);
        return _text.ToString();
    }

    private void AddServer()
    {
        var (counts, state) = (member.Counts, member.State);
        Add("avg_latency", counts.Latency.Average);
        Add("max_latency", counts.Latency.Max);
        Add("min_latency", counts.Latency.Min);
        Add("packets_received", counts.Received);
        Add("packets_sent", counts.Sent);
        Add("num_alive_connections", member.Connections.Count);
        Add("outstanding_requests", member.Connections.Sum(c => c.Outstanding));
        Add("znode_count", ServerReport.NodeCount(member));
        Add("watch_count", member.Watches.ListedCount);
        Add("ephemerals_count", state.Tree.EphemeralCount);
        Add("approximate_data_size", state.Tree.DataBytes);
        Add("global_sessions", state.Sessions.Count);
        Add("local_sessions", 0);
        Add("uptime", member.NowMs - member.StartedMs);
        AddSizes("client_response_size", counts.Responses);
        Add("auth_failed_count", counts.AuthFailures);
    }

    private void AddLeader()
    {
        AddSizes("proposal_size", member.Counts.Proposals);
        var followers = member.Replica.Status().Followers.Where(f => f.State == "Replicate").ToArray();
        Add("learners", followers.Length);
        Add("synced_followers", followers.Count(f => f.IsVoter));
        Add("synced_observers", followers.Count(f => !f.IsVoter));
        Add("synced_non_voting_followers", 0);
        Add("pending_syncs", 0);
        Add("leader_uptime", member.LeaseClockMs - member.LeadsSinceMs);
    }

    private void AddCounters()
    {
        var counts = member.Counts;
        Add("proposal_count", counts.Proposals.Count);
        Add("commit_count", counts.Commits);
        Add("bytes_received_count", counts.BytesReceived);
        Add("response_bytes", counts.Responses.Sum);
        Add("connection_request_count", counts.Connections);
        Add("connection_drop_count", counts.ConnectionsDropped);
        Add("connection_rejected", counts.ConnectionsRejected);
        Add("large_requests_rejected", counts.LargeRequests);
        Add("stale_sessions_expired", counts.SessionsExpired);
    }

    private void AddSizes(string name, AvgMinMaxCounter sizes)
    {
        foreach (var (which, value) in (ReadOnlySpan<(string, long)>)[("last", sizes.Last), ("min", sizes.Min), ("max", sizes.Max)])
            Add($"{which}_{name}", sizes.Count == 0 ? -1 : value);
    }

    private void AddSummary(string name, AvgMinMaxCounter counter)
    {
        Add("avg_" + name, counter.Average);
        Add("min_" + name, counter.Min);
        Add("max_" + name, counter.Max);
        Add("cnt_" + name, counter.Count);
        Add("sum_" + name, counter.Sum);
    }

    private void Add(string name, object value) => _text.Append(CultureInfo.InvariantCulture, $"zk_{name}\t{value}\n");
}
