namespace Microcosm.Chubby;

/// <summary>
/// A member of the cell as the Inside page shows it: its part in the group, sessions with their leases, and of Chubby's own API the epoch,
/// handles, locks and caches. A copy, taken in one turn.
/// </summary>
internal sealed record ChubbyInside
{
    // A page is for reading.
    private const int RowsMax = 200;

    public required bool IsLeader { get; init; }

    /// <summary>The member that leads, 0 for none known.</summary>
    public required long Leader { get; init; }

    public required bool IsServing { get; init; }

    /// <summary>The term in which this member is master of Chubby's own API; 0 on the others.</summary>
    public required long Epoch { get; init; }

    public required long Zxid { get; init; }

    public required int NodeCount { get; init; }

    public required long DataBytes { get; init; }

    public required int WatchCount { get; init; }

    public required RaftInside Raft { get; init; }

    public required IReadOnlyList<SessionInside> Sessions { get; init; }

    public required IReadOnlyList<LockInside> Locks { get; init; }

    public required IReadOnlyList<HandleInside> Handles { get; init; }

    public required IReadOnlyList<CachedFileInside> Caches { get; init; }

    /// <summary>On the node's executor.</summary>
    public static ChubbyInside Read(CellMember member)
    {
        var leases = member.Leases.Queue.ToDictionary(q => q.Session, q => q.DeadlineMs - member.LeaseClockMs);
        var files = member.State.Files;
        return new ChubbyInside
        {
            IsLeader = member.Replica.IsLeader,
            Leader = member.Replica.Leader,
            IsServing = member.IsServing,
            Epoch = member.Master.Epoch,
            Zxid = member.State.Zxid,
            NodeCount = member.State.Tree.Count,
            DataBytes = member.State.Tree.DataBytes,
            WatchCount = member.Watches.Count,
            Raft = RaftInside.Read(member.Replica),
            Sessions = [.. member.State.Sessions.All.Take(RowsMax).Select(s => new SessionInside(
                Hex(s.Id), s.TimeoutMs, leases.TryGetValue(s.Id, out var left) ? left : null, [.. member.State.Tree.EphemeralsOf(s.Id)]))],
            Locks = [.. files.Locks.Take(RowsMax).Select(l => new LockInside(
                l.Path, l.Mode, l.Generation, [.. l.Holders.Select(h => Hex(h.Session))], Math.Max(0, l.DelayedUntilMs - member.NowMs)))],
            Handles = [.. files.Handles.Take(RowsMax).Select(h => new HandleInside(
                Hex(h.Session), h.Id, h.Path, h.Instance, h.Modes, h.Events))],
            Caches = [.. member.Master.Caches.All.Take(RowsMax).Select(c => new CachedFileInside(c.Path, [.. c.Sessions.Select(Hex)]))],
        };
    }

    private static string Hex(long id) => $"0x{id:x}";
}
