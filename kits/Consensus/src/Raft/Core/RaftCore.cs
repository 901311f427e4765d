using Microcosm.Runtime;

namespace Microcosm.Consensus;

/// <summary>
/// One member of a Raft group (Ongaro, Ousterhout: "In search of an understandable consensus algorithm", 2014; Ongaro's thesis, 2014).
/// It has no task, clock or randomness of its own: it is stepped by inputs, each with the time on the node's monotonic clock in µs, and
/// tells by <see cref="TakeReady"/> what is to be sent, written and applied. Not thread-safe; it throws
/// <see cref="InvariantException"/> when it finds itself wrong.
/// </summary>
internal sealed class RaftCore
{
    private readonly RaftState _s;
    private HardState _written;
    private long _writes;
    private bool _mayHaveToSend;

    /// <param name="id">The member's number in the group, above 0.</param>
    /// <param name="options">The same for all members.</param>
    /// <param name="view">What the member's storage holds. One that joins later begins with the founders' membership, as they did.</param>
    /// <param name="random">For election time-outs; members must not share a seed.</param>
    /// <param name="nowUs">The node's monotonic clock, in µs.</param>
    public RaftCore(long id, RaftOptions options, IRaftView view, RandomStream random, long nowUs)
    {
        Invariant.Check(id > 0);
        options.Validate();
        _s = new RaftState(id, options, view, random) { NowUs = nowUs };
        _s.Recover(view.HardState);
        _written = view.HardState with { Commit = _s.Log.Commit };
        Invariant.Check(_s.Term >= _s.Log.LastTerm, "the term is written before entries of it");
        for (var i = view.Snapshot.Index + 1; i <= _s.Log.LastIndex; i++)
            _s.Memberships.Append(_s.Log.EntryAt(i));
        // Before the restart it may have heard from a leader whose lease still holds.
        if (_s.Term > 0 && !Bug.IsPlanted("raft/votes-right-after-restart"))
            _s.HeardAtUs = nowUs;
        _s.ResetElectionTimer();
    }

    public long Id => _s.Id;

    public RaftRole Role => _s.Role;

    public long Term => _s.Term;

    /// <summary>Whom it voted for in this term; 0 for nobody.</summary>
    public long Vote => _s.Vote;

    /// <summary>Who leads, as far as is known; 0 for nobody.</summary>
    public long Leader => _s.Leader;

    /// <summary>The membership in use: the latest in the log.</summary>
    public Membership Membership => _s.Membership;

    /// <summary>True if the membership in use is committed.</summary>
    public bool IsMembershipCommitted => _s.Memberships.CurrentIndex <= _s.Log.Commit;

    /// <summary>True if this member is the one voter, and that is committed: nobody else can lead.</summary>
    public bool IsAlone => IsMembershipCommitted && _s.Membership is { IsJoint: false, Voters: [var only] } && only == _s.Id;

    public long LastIndex => _s.Log.LastIndex;

    public long CommitIndex => _s.Log.Commit;

    public long AppliedIndex => _s.Log.Applied;

    /// <summary>Index of the entry before the first one kept.</summary>
    public long BaseIndex => _s.Log.BaseIndex;

    /// <summary>True while reads need no confirmation.</summary>
    public bool HoldsLease => _s.Options.LeaseReads && Reads.HoldsLease(_s);

    /// <summary>When <see cref="Tick"/> has something to do, in µs: a host keeps one wheel of these for all its groups.</summary>
    public long NextTickUs => _s.Lead?.HeartbeatAtUs ?? _s.ElectionAtUs;

    /// <summary>What the leader knows of its followers, for views.</summary>
    internal IEnumerable<Progress> Followers => _s.Lead?.Followers.Values ?? (IEnumerable<Progress>)[];

    internal RaftLog Log => _s.Log;

    /// <summary>Time passed. Cheap, and free of allocation, where nothing is due.</summary>
    public void Tick(long nowUs)
    {
        Now(nowUs);
        if (_s.Lead is not null)
            Leadership.Tick(_s);
        else if (nowUs >= _s.ElectionAtUs)
            Election.TimedOut(_s);
    }

    /// <summary>Stands for election now. False if a leader was heard of lately, unless this one is alone,
    /// or if this member has no vote.</summary>
    public bool Campaign(long nowUs)
    {
        Now(nowUs);
        if ((_s.IsLoyal && !IsAlone) || _s.Lead is not null || !Election.MayStand(_s))
            return false;
        Election.Stand(_s, force: false);
        return true;
    }

    /// <summary>Takes a message from another member. Late, repeated and reordered ones are all right.</summary>
    public void Step(RaftMessage message, long nowUs)
    {
        Now(nowUs);
        if (message.To != _s.Id || message.From <= 0 || message.From == _s.Id)
            return;
        Steps.Take(_s, message);
    }

    /// <summary>Appends a command, if this member leads; it is at <see cref="LastIndex"/> in <see cref="Term"/> then, and committed if an
    /// entry of that term is given out at that index.</summary>
    public RaftRefusal Propose(ReadOnlyMemory<byte> data, long nowUs)
    {
        Now(nowUs);
        return Replication.Propose(_s, data);
    }

    /// <summary>Changes the membership; through joint consensus if more than one voter comes or goes. A joint one completes
    /// itself.</summary>
    public RaftRefusal ChangeMembership(IReadOnlyList<MembershipChange> changes, long nowUs)
    {
        Now(nowUs);
        return MembershipChanges.Propose(_s, changes);
    }

    /// <summary>Asks for an index that a linearizable read must wait for. <paramref name="context"/> comes back in a ready; it must be
    /// unique on this node, over its restarts too, if it follows. Asking may be in vain (a lost message): the caller has a
    /// time-out.</summary>
    public RaftRefusal Read(long context, long nowUs)
    {
        Now(nowUs);
        return Reads.Read(_s, context);
    }

    /// <summary>Nobody waits for a read any more; to be called for one that got no answer, which may have been lost.</summary>
    public void ForgetRead(long context)
    {
        _s.Forwarded?.Remove(context);
        _s.Lead?.Reads.RemoveAll(r => r.Context == context && r.From == _s.Id);
    }

    /// <summary>True if a leader heard from a quorum, or a follower from its leader, within the election time-out.</summary>
    public bool HasQuorum(long nowUs)
    {
        var heardAtUs = _s.Lead is not null ? Leadership.QuorumHeardAtUs(_s, nowUs) : _s.Leader != 0 ? _s.HeardAtUs : long.MinValue / 2;
        return nowUs - heardAtUs <= _s.Options.ElectionTimeoutUs;
    }

    /// <summary>Hands leadership to a voter. Given up after an election time-out.</summary>
    public RaftRefusal TransferLeadership(long to, long nowUs)
    {
        Now(nowUs);
        return Leadership.Transfer(_s, to);
    }

    /// <summary>A connection to a member broke: what was under way is sent again, carefully.</summary>
    public void ReportUnreachable(long id)
    {
        if (_s.Lead?.Followers.GetValueOrDefault(id) is { State: ProgressState.Replicate } follower)
            follower.Probe();
    }

    /// <summary>True if <see cref="TakeReady"/> may have something.</summary>
    public bool HasReady => _mayHaveToSend || _s.Out.HasReady || _s.Out.HasNewHeld || HasWrites || Hard() != _written
        || _s.Log.GivenOut < _s.Log.Appliable || _s.ReadStates is not null || _s.DroppedReads is not null;

    private bool HasWrites => _s.Log.HasNew || _s.Chunks is not null || Hard() is var hard
        && (hard.Term != _written.Term || hard.Vote != _written.Vote);

    /// <summary>Takes what is to be done. Everything in it must be done, or the node must end.</summary>
    public RaftReady TakeReady()
    {
        if (_s.Lead is not null)
            Replication.SendAll(_s);
        _mayHaveToSend = false;
        var mustSync = HasWrites;
        var chunks = _s.Chunks;
        _s.Chunks = null;
        var entries = mustSync ? _s.Log.TakeNew(++_writes) : [];
        if (mustSync)
            _s.Out.HoldFor(_writes);
        else if (_s.Log.IsWriting)
            _s.Out.HoldFor(_s.Log.LastWrite);
        else
            _s.Out.TakeUnheld().ForEach(_s.Out.Send);
        var hard = Hard();
        var committed = _s.Log.TakeCommitted(_s.Options.ApplyBytesMax);
        if (_s.Lead is { } lead)
            lead.UncommittedBytes -= committed.Sum(e => e.Term == _s.Term ? e.Data.Length : 0L);
        var ready = new RaftReady
        {
            Write = mustSync ? _writes : 0,
            Messages = _s.Out.Take(),
            Chunks = chunks ?? (IReadOnlyList<SnapshotChunk>)[],
            Entries = entries,
            HardState = hard == _written ? null : Bug.IsPlanted("raft/vote-not-persisted") ? hard with { Vote = 0 } : hard,
            Committed = committed,
            Reads = _s.ReadStates ?? (IReadOnlyList<ReadState>)[],
            DroppedReads = _s.DroppedReads ?? (IReadOnlyList<long>)[],
        };
        _s.ReadStates = null;
        _s.DroppedReads = null;
        _written = hard;
        return ready;
    }

    /// <summary>All writes up to <paramref name="write"/> are durable.</summary>
    public void Persisted(long write, long nowUs)
    {
        Now(nowUs);
        _s.Log.Persisted(write);
        while (_s.Out.TakeHeld(write) is { } message)
        {
            if (message.To == _s.Id)
                Steps.Take(_s, message);
            else
                _s.Out.Send(message);
        }
        if (_s.Lead is not null)
            Replication.AdvanceCommit(_s);
    }

    /// <summary>The state machine has taken all entries up to <paramref name="index"/>.</summary>
    public void Applied(long index) => _s.Log.ApplyTo(index);

    /// <summary>What a snapshot of the state machine as of now is to be named; it is as of <see cref="AppliedIndex"/>.</summary>
    public SnapshotMeta DescribeSnapshot()
    {
        var index = _s.Log.Applied;
        return index == _s.Snapshot.Index ? _s.Snapshot : new SnapshotMeta(index, _s.Log.TermAt(index), _s.Memberships.At(index));
    }

    /// <summary>The storage has a snapshot, durably, and its view shows it.</summary>
    public void SnapshotSaved(SnapshotMeta meta)
    {
        Invariant.Check(meta.Index <= _s.Log.Applied);
        if (meta.Index > _s.Snapshot.Index)
            _s.Snapshot = meta;
    }

    /// <summary>Entries up to <paramref name="index"/> will not be asked for again; the storage may drop them. At most the
    /// snapshot's.</summary>
    public void Compact(long index)
    {
        Invariant.Check(index <= _s.Snapshot.Index);
        _s.Log.CompactTo(index);
        _s.Memberships.Compact(_s.Snapshot.Index);
    }

    private HardState Hard() => new(_s.Term, _s.Vote, _s.Log.Commit);

    private void Now(long nowUs)
    {
        // A clock may stand still between inputs; it never goes back.
        Invariant.Check(nowUs >= _s.NowUs, "the clock is monotonic");
        _s.NowUs = nowUs;
        _mayHaveToSend |= _s.Lead is not null;
    }
}
