namespace Microcosm.Consensus;

/// <summary>
/// A follower takes a snapshot, part by part, in order. Invariants: it takes the place of the log only as a whole, and only if it goes
/// beyond what is committed here; it brings its membership with it.
/// </summary>
internal static class SnapshotReceiving
{
    public static void Take(RaftState s, RaftMessage m)
    {
        if (m.Index <= s.Log.Commit)
        {
            Acknowledge(s, m, s.Log.Commit);
            return;
        }
        if (s.Log.Matches(m.Index, m.LogTerm))
        {
            // The entries are here after all: nothing needs to be replaced (paper 7).
            s.Log.CommitTo(m.Index);
            Acknowledge(s, m, m.Index);
            return;
        }
        var expected = s.Incoming is { } incoming && incoming.From == m.From && incoming.Index == m.Index && incoming.Term == m.LogTerm
            ? incoming.NextOffset : 0;
        if (m.Offset != 0 && m.Offset != expected)
        {
            GoOn(s, m, expected);
            return;
        }
        var meta = new SnapshotMeta(m.Index, m.LogTerm, m.Membership!);
        (s.Chunks ??= []).Add(new SnapshotChunk(meta, m.Offset, m.Data, m.IsLast));
        var next = m.Offset + m.Data.Length;
        s.Incoming = m.IsLast ? null : new IncomingSnapshot(m.From, m.Index, m.LogTerm, next);
        if (m.IsLast)
            Install(s, m, meta);
        else
            GoOn(s, m, next);
    }

    private static void Install(RaftState s, RaftMessage m, SnapshotMeta meta)
    {
        s.Log.Restore(meta.Index, meta.Term);
        s.Memberships.Restore(meta);
        s.Snapshot = meta;
        Acknowledge(s, m, meta.Index);
    }

    private static void GoOn(RaftState s, RaftMessage m, long offset) => s.Out.SendWhenDurable(
        s.Message(MessageKind.SnapshotResponse, m.From) with { Index = m.Index, Offset = offset, Round = m.Round });

    private static void Acknowledge(RaftState s, RaftMessage m, long index) => s.Out.SendWhenDurable(
        s.Message(MessageKind.AppendResponse, m.From) with { Index = index, Round = m.Round });
}
