using System.Globalization;
using System.Text;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// <c>/metrics</c>: what of etcd's metrics is known here, by the names and words of etcd, in Prometheus' text format 0.0.4. What is not
/// known (of its file, of its process) is left out.
/// </summary>
internal static class MetricsPage
{
    public static string Of(EtcdMember member)
    {
        var (store, counts, raft) = (member.Store, member.Counts, member.Replica.Status());
        var bytes = MaintenanceOperations.EmptyFileBytes + store.Keys.SizeBytes;
        var page = new StringBuilder();
        Add("etcd_cluster_version{cluster_version=\"3.4\"}", "gauge",
            "Which version is running. 1 for 'cluster_version' label with current cluster version", 1);
        Add("etcd_debugging_auth_revision", "gauge", "The current revision of auth store.", (long)store.Auth.Revision);
        Add("etcd_debugging_mvcc_compact_revision", "gauge", "The revision of the last compaction in store.", store.Keys.CompactRevision);
        Add("etcd_debugging_mvcc_current_revision", "gauge", "The current revision of store.", store.Keys.Revision);
        Add("etcd_debugging_mvcc_keys_total", "gauge", "Total number of keys.", store.Keys.Count);
        Add("etcd_debugging_mvcc_slow_watcher_total", "gauge", "Total number of unsynced slow watchers.", member.Hub.UnsyncedCount);
        Add("etcd_debugging_mvcc_watcher_total", "gauge", "Total number of watchers.", member.Hub.Count);
        Add("etcd_mvcc_db_total_size_in_bytes", "gauge",
            "Total size of the underlying database physically allocated in bytes.", bytes);
        Add("etcd_mvcc_db_total_size_in_use_in_bytes", "gauge",
            "Total size of the underlying database logically in use in bytes.", bytes);
        Add("etcd_mvcc_delete_total", "counter", "Total number of deletes seen by this member.", counts.Deletes);
        Add("etcd_mvcc_put_total", "counter", "Total number of puts seen by this member.", counts.Puts);
        Add("etcd_server_has_leader", "gauge", "Whether or not a leader exists. 1 is existence, 0 is not.", raft.Leader != 0 ? 1 : 0);
        Add("etcd_server_health_failures", "counter", "The total number of failed health checks", counts.HealthFailures);
        Add("etcd_server_health_success", "counter", "The total number of successful health checks", counts.HealthSuccesses);
        Add($"etcd_server_id{{server_id=\"{member.Cluster.Id:x}\"}}", "gauge",
            "Server or member ID in hexadecimal format. 1 for 'server_id' label with current ID.", 1);
        Add("etcd_server_is_leader", "gauge", "Whether or not this member is a leader. 1 if is, 0 otherwise.",
            member.Replica.IsLeader ? 1 : 0);
        Add("etcd_server_is_learner", "gauge", "Whether or not this member is a learner. 1 if is, 0 otherwise.",
            raft.Membership.Learners.Contains(raft.Id) ? 1 : 0);
        Add("etcd_server_leader_changes_seen_total", "counter", "The number of leader changes seen.", counts.LeaderChanges);
        Add("etcd_server_proposals_applied_total", "gauge", "The total number of consensus proposals applied.", raft.AppliedIndex);
        Add("etcd_server_proposals_committed_total", "gauge", "The total number of consensus proposals committed.", raft.CommitIndex);
        Add("etcd_server_quota_backend_bytes", "gauge", "Current backend storage quota size in bytes.",
            member.Options.QuotaBackendBytes);
        Add($"etcd_server_version{{server_version=\"{EtcdOptions.Version}\"}}", "gauge",
            "Which version is running. 1 for 'server_version' label with current version.", 1);
        AddCalls(page, "grpc_server_handled_total", "Total number of RPCs completed on the server, regardless of success or failure.",
            counts.HandledCalls.Select(c => (c.Operation, $"grpc_code=\"{c.Code}\",", c.Count)));
        AddCalls(page, "grpc_server_started_total", "Total number of RPCs started on the server.",
            counts.StartedCalls.Select(c => (c.Operation, "", c.Count)));
        return page.ToString();

        void Add(string series, string type, string help, long value)
        {
            Head(page, series.Split('{')[0], type, help);
            page.Append(CultureInfo.InvariantCulture, $"{series} {value}\n");
        }
    }

    private static void AddCalls(
        StringBuilder page, string name, string help, IEnumerable<(EtcdOperationAttribute Operation, string Code, long Count)> calls)
    {
        Head(page, name, "counter", help);
        foreach (var (operation, code, count) in calls)
        {
            var described = EtcdMethods.All.First(m => m.Name == operation.Name && m.Service.Name == operation.Service);
            var type = described.IsClientStreaming ? "bidi_stream" : described.IsServerStreaming ? "server_stream" : "unary";
            page.Append(CultureInfo.InvariantCulture,
                $"{name}{{{code}grpc_method=\"{operation.Name}\",grpc_service=\"{described.Service.FullName}\","
                + $"grpc_type=\"{type}\"}} {count}\n");
        }
    }

    private static void Head(StringBuilder page, string name, string type, string help) =>
        page.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
}
