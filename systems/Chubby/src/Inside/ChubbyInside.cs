namespace Microcosm.Chubby;

/// <summary>A member as the Inside page shows it: role, log position, sessions with their leases, watches.</summary>
internal sealed record ChubbyInside
{
    public required bool IsLeader { get; init; }

    /// <summary>The member that leads, 0 for none known.</summary>
    public required long Leader { get; init; }

    public required bool IsServing { get; init; }

    public required long Zxid { get; init; }

    public required int NodeCount { get; init; }

    public required long DataBytes { get; init; }

    public required int WatchCount { get; init; }

    public required IReadOnlyList<SessionInside> Sessions { get; init; }

    /// <summary>On the node's executor.</summary>
    public static ChubbyInside Read(CellMember member)
    {
        var leases = member.Leases.Queue.ToDictionary(q => q.Session, q => q.DeadlineMs - member.LeaseClockMs);
        return new ChubbyInside
        {
            IsLeader = member.Replica.IsLeader,
            Leader = member.Replica.Leader,
            IsServing = member.IsServing,
            Zxid = member.State.Zxid,
            NodeCount = member.State.Tree.Count,
            DataBytes = member.State.Tree.DataBytes,
            WatchCount = member.Watches.Count,
            Sessions = [.. member.State.Sessions.All.Select(s => new SessionInside(
                s.Id, s.TimeoutMs, leases.TryGetValue(s.Id, out var left) ? left : null, [.. member.State.Tree.EphemeralsOf(s.Id)]))],
        };
    }
}
