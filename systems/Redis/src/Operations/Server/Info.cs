using System.Globalization;
using System.Text;

namespace Microcosm.Redis;

/// <summary>INFO. Persistence and eviction fill in their own sections through <see cref="RedisServer.InfoSections"/>.</summary>
internal static class Info
{
    private static readonly string[] Default = ["server", "clients", "memory", "persistence", "stats", "replication", "cpu", "modules",
        "errorstats", "cluster", "keyspace"];

    [RedisCommand("INFO", -1, Flags = RedisCommandFlags.Loading | RedisCommandFlags.Stale, Group = "server",
        Summary = "Get information and statistics about the server", Complexity = "O(1)",
        Syntax = "[section...]",
        Tips = "nondeterministic_output request_policy:all_shards response_policy:special")]
    public static void Execute(ref RedisCall call)
    {
        var wanted = new List<string>();
        for (var i = 1; i < call.Count; i++)
        {
            var name = call.Text(i).ToLowerInvariant();
            if (name == "default")
                wanted.AddRange(Default);
            else if (name is "all" or "everything")
                wanted.AddRange([.. Default, "commandstats"]);
            else
                wanted.Add(name);
        }
        if (call.Count == 1)
            wanted.AddRange(Default);
        var text = new StringBuilder();
        foreach (var section in wanted.Distinct())
        {
            if (Section(call.Server, section) is not { } lines)
                continue;
            if (text.Length > 0)
                text.Append("\r\n");
            text.Append("# ").Append(char.ToUpperInvariant(section[0])).Append(section.AsSpan(1)).Append("\r\n");
            foreach (var (name, value) in lines)
                text.Append(CultureInfo.InvariantCulture, $"{name}:{value}\r\n");
        }
        call.Reply.Verbatim(text.ToString());
    }

    private static List<(string Name, object Value)>? Section(RedisServer server, string section) => section switch
    {
        "server" => ServerLines(server),
        "clients" =>
        [
            ("connected_clients", server.Clients.Count), ("maxclients", server.Options.MaxClients),
                ("blocked_clients", server.Blocking.Count),
            ("pubsub_clients", server.Clients.Values.Count(c => c.Subscriptions > 0)),
        ],
        "memory" => MemoryLines(server),
        "persistence" => server.InfoSections.TryGetValue("persistence", out var fill) ? fill() : PersistenceLines(server),
        "stats" => StatsLines(server),
        "replication" => [("role", "master"), ("connected_slaves", 0), ("master_failover_state", "no-failover"), ("master_repl_offset", 0)],
        "cpu" => CpuLines(),
        "modules" => [],
        "commandstats" => CommandLines(server),
        "errorstats" => [.. server.Stats.Errors.Select(e => ($"errorstat_{e.Key}", (object)$"count={e.Value}"))],
        "cluster" => [("cluster_enabled", 0)],
        "keyspace" => [.. server.Databases.Where(d => d.Count > 0)
            .Select(d => ($"db{d.Index}", (object)$"keys={d.Count},expires={d.VolatileCount},avg_ttl=0"))],
        _ => null,
    };

    private static List<(string Name, object Value)> ServerLines(RedisServer server)
    {
        var uptime = (server.NowMs - server.Stats.StartMs) / 1000;
        return
        [
            ("redis_version", RedisOptions.Version), ("redis_mode", "standalone"), ("os", Environment.OSVersion.ToString()),
            ("arch_bits", 64), ("multiplexing_api", "epoll"), ("process_id", Environment.ProcessId), ("process_supervised", "microcosm"),
            ("run_id", server.RunId), ("tcp_port", 6379), ("server_time_usec", server.NowMs * 1000), ("uptime_in_seconds", uptime),
            ("uptime_in_days", uptime / 86400), ("hz", server.Options.Hz), ("configured_hz", server.Options.Hz),
            ("lru_clock", (server.NowMs / 1000) & 0xffffff), ("executable", ""), ("config_file", ""),
        ];
    }

    private static List<(string Name, object Value)> MemoryLines(RedisServer server)
    {
        var used = server.UsedMemory();
        return
        [
            ("used_memory", used), ("used_memory_rss", Environment.WorkingSet),
                ("used_memory_peak", Math.Max(used, server.Stats.PeakMemory)),
            ("used_memory_dataset", used), ("maxmemory", server.Options.MaxMemory),
            ("maxmemory_policy", server.Options.Get("maxmemory-policy")!), ("mem_fragmentation_ratio", "1.00"), ("mem_allocator", "dotnet"),
            ("mem_not_counted_for_evict", 0), ("lazyfree_pending_objects", 0), ("lazyfreed_objects", 0),
        ];
    }

    private static List<(string Name, object Value)> PersistenceLines(RedisServer server) =>
        server.Persistence is not { Status: var status } ? []
        :
        [
            ("loading", server.IsLoading ? 1 : 0), ("async_loading", 0), ("current_cow_peak", 0), ("current_cow_size", 0),
            ("rdb_changes_since_last_save", server.Propagation.Dirty), ("rdb_bgsave_in_progress", status.IsSaving ? 1 : 0),
            ("rdb_last_save_time", status.LastSaveMs / 1000), ("rdb_last_bgsave_status", status.LastSaveFailed ? "err" : "ok"),
            ("rdb_saves", status.Saves), ("aof_enabled", server.Options.AppendOnly ? 1 : 0),
            ("aof_rewrite_in_progress", status.IsRewriting ? 1 : 0), ("aof_rewrite_scheduled", status.IsRewriteScheduled ? 1 : 0),
            ("aof_rewrites", status.Rewrites), ("aof_last_bgrewrite_status", status.LastRewriteFailed ? "err" : "ok"),
            ("aof_last_write_status", status.AofError is null ? "ok" : "err"), ("aof_base_size", status.AofBaseBytes),
        ];

    private static List<(string Name, object Value)> StatsLines(RedisServer server)
    {
        var stats = server.Stats;
        return
        [
            ("total_connections_received", stats.ConnectionsReceived), ("total_commands_processed", stats.CommandsProcessed),
            ("instantaneous_ops_per_sec", 0), ("total_net_input_bytes", stats.NetInputBytes),
                ("total_net_output_bytes", stats.NetOutputBytes),
            ("rejected_connections", stats.RejectedConnections), ("expired_keys", stats.ExpiredKeys), ("expired_stale_perc", "0.00"),
            ("expired_time_cap_reached_count", 0), ("evicted_keys", stats.EvictedKeys),
            ("total_eviction_exceeded_time", server.Eviction.TotalExceededMs),
            ("current_eviction_exceeded_time", server.Eviction.CurrentExceededMs),
            ("keyspace_hits", stats.KeyspaceHits),
            ("keyspace_misses", stats.KeyspaceMisses), ("pubsub_channels", server.PubSub.Channels.Count),
            ("pubsub_patterns", server.PubSub.Patterns.Count), ("total_error_replies", stats.ErrorReplies), ("unexpected_error_replies", 0),
            ("migrate_cached_sockets", 0),
        ];
    }

    private static List<(string Name, object Value)> CpuLines()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return
        [
            ("used_cpu_sys", self.PrivilegedProcessorTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture)),
            ("used_cpu_user", self.UserProcessorTime.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture)),
        ];
    }

    private static List<(string Name, object Value)> CommandLines(RedisServer server)
    {
        var lines = new List<(string, object)>();
        for (var i = 0; i < RedisCommands.All.Length; i++)
        {
            var stats = server.Stats.Commands[i];
            if (stats.Calls + stats.Rejected > 0)
            {
                lines.Add(($"cmdstat_{RedisCommands.All[i].Declaration.Name.ToLowerInvariant()}",
                    $"calls={stats.Calls},usec=0,usec_per_call=0.00,rejected_calls={stats.Rejected},failed_calls={stats.Failed}"));
            }
        }
        return lines;
    }
}
