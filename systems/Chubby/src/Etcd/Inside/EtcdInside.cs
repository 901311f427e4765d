using Google.Protobuf;

namespace Microcosm.Chubby.Etcd;

/// <summary>
/// A member of an etcd cluster as the Inside page shows it: its part in the group, keys and revisions, members, leases with their clocks,
/// watches, authentication. A copy, taken in one turn.
/// </summary>
internal sealed record EtcdInside
{
    // A page is for reading.
    private const int RowsMax = 200;

    public required RaftInside Raft { get; init; }

    public required long Revision { get; init; }

    /// <summary>Below it nothing can be read; -1 before the first compaction.</summary>
    public required long CompactRevision { get; init; }

    /// <summary>Versions of keys that are kept, deletions too.</summary>
    public required int VersionCount { get; init; }

    /// <summary>What counts against the quota.</summary>
    public required long SizeBytes { get; init; }

    public required int LeaseCount { get; init; }

    public required int WatchCount { get; init; }

    /// <summary>Those that are behind.</summary>
    public required int UnsyncedWatchCount { get; init; }

    public required bool IsAuthEnabled { get; init; }

    public required ulong AuthRevision { get; init; }

    public required int TokenCount { get; init; }

    public required IReadOnlyList<string> Users { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public required IReadOnlyList<string> Alarms { get; init; }

    public required IReadOnlyList<MemberInside> Members { get; init; }

    public required IReadOnlyList<LeaseInside> Leases { get; init; }

    public required IReadOnlyList<WatchInside> Watches { get; init; }

    /// <summary>On the node's executor.</summary>
    public static EtcdInside Read(EtcdMember member)
    {
        var (store, auth, hub) = (member.Store, member.Store.Auth, member.Hub);
        return new EtcdInside
        {
            Raft = RaftInside.Read(member.Replica),
            Revision = store.Keys.Revision,
            CompactRevision = store.Keys.CompactRevision,
            VersionCount = store.Keys.Log.Count,
            SizeBytes = store.Keys.SizeBytes,
            LeaseCount = store.Leases.All.Count,
            WatchCount = hub.Count,
            UnsyncedWatchCount = hub.UnsyncedCount,
            IsAuthEnabled = auth.IsEnabled,
            AuthRevision = auth.Revision,
            TokenCount = auth.Tokens.Count,
            Users = [.. auth.Users.Keys],
            Roles = [.. auth.Roles.Keys],
            Alarms = [.. store.Alarms.All.Select(a => $"{a.MemberID:x}:{a.Alarm}")],
            Members = [.. member.Members().Select(m => new MemberInside($"{m.ID:x}", m.Name, [.. m.PeerURLs], [.. m.ClientURLs]))],
            Leases = [.. store.Leases.All.Take(RowsMax).Select(l => new LeaseInside(
                $"{l.Id:x}", l.Ttl, member.Deadlines.RemainingSeconds(l.Id, member.NowMs), [.. l.Keys.Take(RowsMax).Select(Text)]))],
            Watches = [.. hub.All.Take(RowsMax).Select(w => new WatchInside(
                Text(w.Range.Key), Text(w.Range.End), w.NextRevision, w.IsSynced))],
        };
    }

    private static string Text(ByteString bytes) => bytes.ToStringUtf8();
}
