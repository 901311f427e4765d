using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// A member's log: the entries that its storage has, and behind them those that it does not have yet. Invariants: the base ≤ applied ≤
/// given out ≤ min(commit, stable) and stable ≤ last; commit, and what is given out, never go back; what is committed is never cut off.
/// An entry is given out to be applied only once it is committed and on this member's own disk: a restart finds its log at least as long as
/// its state machine.
/// </summary>
internal sealed class RaftLog
{
    private readonly IRaftView _view;
    private List<RaftEntry>? _unstable;
    private List<Write>? _writes;

    public RaftLog(IRaftView view)
    {
        _view = view;
        BaseIndex = view.BaseIndex;
        BaseTerm = view.BaseTerm;
        LastIndex = Stable = Taken = view.LastIndex;
        Commit = Applied = GivenOut = view.Snapshot.Index;
        Invariant.Check(BaseIndex <= view.Snapshot.Index && view.Snapshot.Index <= LastIndex && view.HardState.Commit <= LastIndex);
        Commit = Math.Max(Commit, view.HardState.Commit);
        LastTerm = TermAt(LastIndex);
    }

    /// <summary>Index of the entry before the first.</summary>
    public long BaseIndex { get; private set; }

    /// <summary>Its term.</summary>
    public long BaseTerm { get; private set; }

    public long LastIndex { get; private set; }

    public long LastTerm { get; private set; }

    /// <summary>Up to here, entries are on this member's disk for good.</summary>
    public long Stable { get; private set; }

    /// <summary>Up to here, entries were handed to the storage.</summary>
    public long Taken { get; private set; }

    public long Commit { get; private set; }

    /// <summary>Up to here, committed entries were handed to the state machine.</summary>
    public long GivenOut { get; private set; }

    /// <summary>Up to here, the state machine reported back.</summary>
    public long Applied { get; private set; }

    /// <summary>How far entries may be given out.</summary>
    public long Appliable => Bug.IsPlanted("raft/apply-before-commit") ? Stable : Math.Min(Commit, Stable);

    /// <summary>True if the storage has not been handed everything.</summary>
    public bool HasNew => Taken < LastIndex;

    /// <summary>True while writes are under way.</summary>
    public bool IsWriting => _writes is { Count: > 0 };

    /// <summary>Number of the last write under way.</summary>
    public long LastWrite => _writes![^1].Number;

    /// <summary>The term of an entry; −1 where it is not kept any more or not there yet.</summary>
    public long TermAt(long index)
    {
        if (index == BaseIndex)
            return BaseTerm;
        return index < BaseIndex || index > LastIndex ? -1 : EntryAt(index).Term;
    }

    /// <summary>An entry that is kept.</summary>
    public RaftEntry EntryAt(long index)
    {
        Invariant.Check(index > BaseIndex && index <= LastIndex);
        return index > Stable ? _unstable![(int)(index - Stable - 1)] : _view.EntryAt(index);
    }

    /// <summary>True if the log has that entry: then it agrees with the other log up to it (paper 5.3, log matching).</summary>
    public bool Matches(long index, long term) => TermAt(index) == term && term >= 0;

    /// <summary>Entries from <paramref name="first"/> on, as many as the limits allow and at least one if there is one.</summary>
    public RaftEntry[] Slice(long first, long last, int entriesMax, long bytesMax)
    {
        var count = 0;
        long bytes = 0;
        while (first + count <= last && count < entriesMax)
        {
            bytes += EntryAt(first + count).Bytes;
            if (count > 0 && bytes > bytesMax)
                break;
            count++;
        }
        if (count == 0)
            return [];
        var slice = new RaftEntry[count];
        for (var i = 0; i < count; i++)
            slice[i] = EntryAt(first + i);
        return slice;
    }

    /// <summary>Adds an entry at the end.</summary>
    public void Append(RaftEntry entry)
    {
        Invariant.Check(entry.Index == LastIndex + 1 && entry.Term >= LastTerm);
        (_unstable ??= []).Add(entry);
        (LastIndex, LastTerm) = (entry.Index, entry.Term);
    }

    /// <summary>Cuts off everything from <paramref name="first"/> on: it contradicts the leader's log.</summary>
    public void CutFrom(long first)
    {
        Invariant.Check(first > Commit || Bug.IsPlanted("raft/truncates-without-conflict"), "what is committed is never cut off");
        Invariant.Check(first > BaseIndex && first <= LastIndex);
        var term = TermAt(first - 1);
        if (first <= Stable)
        {
            Stable = first - 1;
            _unstable?.Clear();
        }
        else
        {
            _unstable!.RemoveRange((int)(first - Stable - 1), (int)(LastIndex - first + 1));
        }
        Taken = Math.Min(Taken, first - 1);
        ForgetWritesFrom(first);
        (LastIndex, LastTerm) = (first - 1, term);
    }

    /// <summary>Raises the commit index; a lower one is old news.</summary>
    public void CommitTo(long index)
    {
        Invariant.Check(index <= LastIndex, "commit must not pass the log's end");
        Commit = Math.Max(Commit, index);
    }

    /// <summary>Entries for the storage. They count as stable once write <paramref name="number"/> is reported.</summary>
    public RaftEntry[] TakeNew(long number)
    {
        var entries = new RaftEntry[LastIndex - Taken];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = EntryAt(Taken + 1 + i);
        Taken = LastIndex;
        BeginWrite(number);
        return entries;
    }

    /// <summary>Notes that something is written under <paramref name="number"/>.</summary>
    public void BeginWrite(long number) => (_writes ??= []).Add(new Write(number, Taken));

    /// <summary>
    /// All writes up to a number are durable. Entries that were cut off while they were written do not count, although others may by now
    /// stand in their place.
    /// </summary>
    public void Persisted(long number)
    {
        Invariant.Check(_writes is { Count: > 0 } && _writes.Exists(w => w.Number == number), "only writes under way are reported");
        while (_writes.Count > 0 && _writes[0].Number <= number)
        {
            var upTo = _writes[0].LastIndex;
            _writes.RemoveAt(0);
            if (upTo <= Stable)
                continue;
            _unstable!.RemoveRange(0, (int)(upTo - Stable));
            Stable = upTo;
            if (_unstable.Count == 0)
                _unstable = null;
        }
    }

    /// <summary>Committed entries for the state machine, as many as the limit allows.</summary>
    public RaftEntry[] TakeCommitted(int bytesMax)
    {
        if (GivenOut >= Appliable)
            return [];
        var entries = Slice(GivenOut + 1, Appliable, int.MaxValue, bytesMax);
        GivenOut += entries.Length;
        return entries;
    }

    /// <summary>The state machine has taken everything up to <paramref name="index"/>.</summary>
    public void ApplyTo(long index)
    {
        Invariant.Check(index <= GivenOut);
        Applied = Math.Max(Applied, index);
    }

    /// <summary>Entries up to <paramref name="index"/> are not kept any more; they are applied, and a snapshot covers them.</summary>
    public void CompactTo(long index)
    {
        if (index <= BaseIndex)
            return;
        Invariant.Check(index <= Applied && index <= Stable);
        (BaseIndex, BaseTerm) = (index, TermAt(index));
    }

    /// <summary>A snapshot takes the place of the whole log (paper 7). It is durable with the next write, before anything is
    /// said of it.</summary>
    public void Restore(long index, long term)
    {
        Invariant.Check(index > Commit);
        _unstable = null;
        (BaseIndex, BaseTerm, LastIndex, LastTerm) = (index, term, index, term);
        Stable = Taken = Commit = GivenOut = Applied = index;
        ForgetWritesFrom(0);
    }

    private void ForgetWritesFrom(long first)
    {
        for (var i = 0; i < (_writes?.Count ?? 0); i++)
            _writes![i] = _writes[i] with { LastIndex = Math.Min(_writes[i].LastIndex, first - 1) };
    }

    private readonly record struct Write(long Number, long LastIndex);
}
