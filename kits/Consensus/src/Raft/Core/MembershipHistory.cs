using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// The memberships that the log says, by the index of their entries. A member uses the latest one in its log, committed or not (paper 6),
/// and goes back when that entry is cut off. Invariants: indexes ascend; at most the last two are not committed.
/// </summary>
internal sealed class MembershipHistory
{
    private readonly List<(long Index, Membership Membership)> _history = new(1);

    public MembershipHistory(SnapshotMeta snapshot) => _history.Add((snapshot.Index, snapshot.Membership));

    /// <summary>The one in use.</summary>
    public Membership Current => _history[^1].Membership;

    /// <summary>Index of its entry.</summary>
    public long CurrentIndex => _history[^1].Index;

    /// <summary>The one before, if it is still known.</summary>
    public Membership? Previous => _history.Count > 1 ? _history[^2].Membership : null;

    /// <summary>The one that held right after the entry at <paramref name="index"/>.</summary>
    public Membership At(long index)
    {
        Invariant.Check(index >= _history[0].Index);
        return _history.FindLast(h => h.Index <= index).Membership;
    }

    /// <summary>Notes an entry that was appended.</summary>
    public void Append(RaftEntry entry)
    {
        if (entry.Kind != EntryKind.Membership)
            return;
        var membership = Membership.TryDecode(entry.Data.Span);
        Invariant.Check(membership is not null, "a membership entry can be read");
        Invariant.Check(entry.Index > CurrentIndex);
        _history.Add((entry.Index, membership));
    }

    /// <summary>Entries from <paramref name="first"/> on were cut off. True if the membership in use is another now.</summary>
    public bool CutFrom(long first)
    {
        Invariant.Check(first > _history[0].Index);
        return _history.RemoveAll(h => h.Index >= first) > 0;
    }

    /// <summary>Entries up to <paramref name="index"/> are committed for good: what was before the last of them is forgotten.</summary>
    public void Compact(long index)
    {
        var last = _history.FindLastIndex(h => h.Index <= index);
        if (last > 0)
            _history.RemoveRange(0, last);
    }

    /// <summary>A snapshot took the place of the log.</summary>
    public void Restore(SnapshotMeta snapshot)
    {
        var membership = Bug.IsPlanted("raft/snapshot-forgets-membership") ? Current : snapshot.Membership;
        _history.Clear();
        _history.Add((snapshot.Index, membership));
    }
}
