namespace Microcosm.Consensus;

/// <summary>
/// One member of one group. All calls come on the node's executor. What comes in during a turn makes one ready at its end; what is written
/// while a sync is under way shares the next one. Invariants: the machine has exactly the entries up to the core's applied index; at most
/// one flush or snapshot is under way.
/// </summary>
public sealed class RaftMember
{
    private readonly RaftHost _host;
    private readonly IReplicatedMachine _machine;
    private readonly FileRaftStorage _storage;
    private readonly Proposals _proposals;
    private readonly ReadRequests _reads;
    private (long Leader, long Term, RaftRole Role) _told;
    private long _persisted;
    private long _bytesSinceSnapshot;
    private TaskCompletionSource? _writing;
    private bool _isStopped;

    internal RaftMember(RaftHost host, long group, IReplicatedMachine machine, FileRaftStorage storage)
    {
        (_host, Group, _machine, _storage) = (host, group, machine, storage);
        var patienceUs = 2 * host.Options.Raft.ElectionTimeoutUs;
        _proposals = new Proposals(host.Options.ProposalsMax, patienceUs);
        _reads = new ReadRequests(host, group, patienceUs);
        if (storage.Snapshot.Index > 0)
            machine.Restore(storage.SnapshotContents);
        var options = host.Options.Raft with { AlignsHeartbeats = true };
        Core = new RaftCore(host.Options.Id, options, storage, host.ElectionStream(group), host.NowUs);
        _told = (Core.Leader, Core.Term, Core.Role);
    }

    /// <summary>Somebody else leads, nobody does, or there is a new term. Raised on the executor, after the fact.</summary>
    public event Action? LeadershipChanged;

    /// <summary>The group's number.</summary>
    public long Group { get; }

    /// <summary>This member's number in the group.</summary>
    public long Id => Core.Id;

    /// <summary>Who leads, as far as is known; 0 for nobody.</summary>
    public long Leader => Core.Leader;

    /// <summary>The term.</summary>
    public long Term => Core.Term;

    /// <summary>The membership in use: the latest in this member's log, committed or not.</summary>
    public Membership Membership => Core.Membership;

    /// <summary>True while this member leads, as far as it knows.</summary>
    public bool IsLeader => Core.Role == RaftRole.Leader;

    /// <summary>True if a leader heard from a majority, or a follower from its leader, within the election time-out.</summary>
    public bool HasQuorum => !_isStopped && Core.HasQuorum(_host.NowUs);

    internal RaftCore Core { get; }

    /// <summary>When time has something to do here, in µs.</summary>
    internal long NextDueUs => Math.Min(Core.NextTickUs, Math.Min(_proposals.NextDueUs, _reads.NextDueUs));

    /// <summary>Where the host's queue of times has it; the host's own.</summary>
    internal long QueuedAtUs { get; set; } = long.MaxValue;

    /// <summary>It is to work at the end of this turn; the host's own.</summary>
    internal bool IsDue { get; set; }

    /// <summary>
    /// Proposes a command, by way of the leader if that is another member. Completes when the command is applied here, with what
    /// <see cref="IReplicatedMachine.Apply"/> returned. Throws <see cref="ConsensusException"/>; where that says that the outcome is
    /// unknown, and after a cancellation, the command may have been carried out or may be later. A command that the leader took waits for
    /// as long as the group has no majority.
    /// </summary>
    public ValueTask<object?> ProposeAsync(ReadOnlyMemory<byte> command, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled<object?>(cancellation);
        if (_isStopped)
            return ValueTask.FromException<object?>(new ConsensusException(ConsensusFailure.Stopped, "the member is stopped"));
        if (_proposals.IsFull)
            return ValueTask.FromException<object?>(Refusals.Of(Group, "too many commands of this node are under way"));
        var sequence = _host.NextNumber();
        var data = CommandEnvelope.Put(Id, sequence, command.Span);
        Task<object?> done;
        if (IsLeader)
        {
            var refusal = Core.Propose(data, _host.NowUs);
            if (refusal != RaftRefusal.None)
                return ValueTask.FromException<object?>(Refusals.Of(Group, refusal));
            done = _proposals.Add(sequence, Core.LastIndex);
            _host.Schedule(this);
        }
        else
        {
            if (_host.PeerOf(Leader) is not { } peer)
                return ValueTask.FromException<object?>(Refusals.Of(Group, RaftRefusal.NotLeader));
            peer.Propose(Group, Id, sequence, data);
            done = _proposals.AddForwarded(sequence, Term, _host.NowUs);
            _host.Schedule(this);
        }
        return new ValueTask<object?>(cancellation.CanBeCanceled ? done.WaitAsync(cancellation) : done);
    }

    /// <summary>
    /// Completes when this member's machine has everything that was committed before the call: what is read from it then, in the same
    /// turn, is linearizable. On followers too. Calls of one turn share a question. Throws <see cref="ConsensusException"/>.
    /// </summary>
    public ValueTask ReadAsync(CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellation);
        if (_isStopped)
            return ValueTask.FromException(new ConsensusException(ConsensusFailure.Stopped, "the member is stopped"));
        var done = _reads.Add();
        _host.Schedule(this);
        return new ValueTask(cancellation.CanBeCanceled ? done.WaitAsync(cancellation) : done);
    }

    /// <summary>
    /// Completes when something about the leadership holds, such as that there is one; looked at now and whenever it changes. False if it
    /// did not within that time, on the node's clock.
    /// </summary>
    public async Task<bool> UntilAsync(Func<RaftMember, bool> holds, TimeSpan within, CancellationToken cancellation = default)
    {
        var held = new TaskCompletionSource();
        void Look()
        {
            if (holds(this))
                held.TrySetResult();
        }
        LeadershipChanged += Look;
        Look();
        try
        {
            await held.Task.WaitAsync(within, _host.Clock, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            LeadershipChanged -= Look;
        }
    }

    /// <summary>Begins a change of the membership, if this member leads; see <see cref="RaftCore.ChangeMembership"/>.</summary>
    public RaftRefusal ChangeMembership(IReadOnlyList<MembershipChange> changes)
    {
        _host.Schedule(this);
        return _isStopped ? RaftRefusal.NotLeader : Core.ChangeMembership(changes, _host.NowUs);
    }

    /// <summary>Stands for election now, without waiting for an election time-out: for whoever starts last of a group that has no leader.
    /// False: it is no voter, leads already, or is stopped.</summary>
    public bool Campaign()
    {
        _host.Schedule(this);
        return !_isStopped && Core.Campaign(_host.NowUs);
    }

    /// <summary>Begins to hand leadership to a voter, if this member leads.</summary>
    public RaftRefusal TransferLeadership(long to)
    {
        _host.Schedule(this);
        return _isStopped ? RaftRefusal.NotLeader : Core.TransferLeadership(to, _host.NowUs);
    }

    /// <summary>How the member is, for Inside pages.</summary>
    public RaftStatus Status() => MemberStatus.Of(this, _storage, _host);

    internal void Tick(long nowUs)
    {
        if (nowUs >= Core.NextTickUs)
            Core.Tick(nowUs);
        _proposals.Expire(nowUs);
        _reads.Expire(nowUs, Core);
    }

    internal void Take(RaftMessage message) => Core.Step(message, _host.NowUs);

    /// <summary>Another member's command; answers where it is in the log.</summary>
    internal (RaftRefusal Refusal, long Index) TakeProposal(byte[] data)
    {
        var refusal = Core.Propose(data, _host.NowUs);
        return (refusal, refusal == RaftRefusal.None ? Core.LastIndex : 0);
    }

    /// <summary>The leader says what became of a command that was sent to it.</summary>
    internal void TakeAnswer(long sequence, RaftRefusal refusal, long index)
    {
        if (refusal == RaftRefusal.None)
            _proposals.Taken(sequence, index, Core.AppliedIndex);
        else
            _proposals.Fail(sequence, Refusals.Of(Group, refusal));
    }

    /// <summary>Does what the turn's inputs ask for, but for the disk.</summary>
    internal void Work()
    {
        if (_isStopped)
            return;
        _reads.Ask(Core);
        while (Core.HasReady)
            Do();
        _reads.Applied(Core.AppliedIndex);
    }

    /// <summary>Begins to write, and tells those who wait: what they do next finds the work done.</summary>
    internal void Finish()
    {
        if (_isStopped)
            return;
        if (_writing is null && (_storage.HasUnflushed || IsSnapshotDue))
            WriteOut();
        var now = (Core.Leader, Core.Term, Core.Role);
        var isNews = now != _told;
        _told = now;
        _proposals.Tell();
        _reads.Tell();
        if (isNews)
            LeadershipChanged?.Invoke();
    }

    internal async ValueTask StopAsync()
    {
        _isStopped = true;
        _proposals.Stop();
        _reads.Stop();
        if (_writing is { } writing)
            await writing.Task;
        if (_storage.HasUnflushed)
            await _storage.FlushAsync();
        await _storage.CloseAsync();
    }

    private bool IsSnapshotDue => Core.AppliedIndex > _storage.Snapshot.Index
        && (Core.AppliedIndex - _storage.Snapshot.Index >= _host.Options.SnapshotEntries
            || _bytesSinceSnapshot >= _host.Options.SnapshotBytes);

    private void Do()
    {
        _host.Watch?.Sees(Core);
        var ready = Core.TakeReady();
        foreach (var message in ready.Messages)
        {
            _host.Watch?.Sends(message);
            _host.PeerOf(message.To)?.Send(Group, message);
        }
        _storage.Write(ready);
        if (ready.Chunks is [.., { IsLast: true } last])
        {
            _machine.Restore(_storage.SnapshotContents);
            _bytesSinceSnapshot = 0;
            _proposals.Restored(last.Meta.Index);
        }
        foreach (var entry in ready.Committed)
            Apply(entry);
        _reads.Confirmed(ready.Reads);
        _reads.Dropped(ready.DroppedReads, Core);
    }

    private void Apply(RaftEntry entry)
    {
        var (sequence, result) = (0L, (object?)null);
        if (entry.Kind == EntryKind.Command)
        {
            var (proposer, number) = CommandEnvelope.Read(entry.Data.Span);
            result = _machine.Apply(entry.Index, entry.Data[CommandEnvelope.Bytes..]);
            sequence = proposer == Id ? number : 0;
            _bytesSinceSnapshot += entry.Bytes;
        }
        _host.Watch?.Applied(Core, entry);
        Core.Applied(entry.Index);
        _proposals.Applied(entry.Index, sequence, result);
        _proposals.Succeeded(entry.Term);
    }

    // async void: a disk error ends the node.
    private async void WriteOut()
    {
        _writing = new TaskCompletionSource();
        while (!_isStopped && (_storage.HasUnflushed || IsSnapshotDue))
        {
            if (_storage.HasUnflushed)
            {
                var write = await _storage.FlushAsync();
                if (write > _persisted)
                    Core.Persisted(_persisted = write, _host.NowUs);
                _host.Schedule(this);
            }
            if (IsSnapshotDue && !_isStopped)
                await SnapshotAsync();
        }
        var done = _writing;
        _writing = null;
        done.SetResult();
    }

    private async ValueTask SnapshotAsync()
    {
        var meta = Core.DescribeSnapshot();
        _bytesSinceSnapshot = 0;
        await _storage.SaveSnapshotAsync(meta, _machine.Save());
        Core.SnapshotSaved(meta);
        var index = meta.Index - _host.Options.KeepEntries;
        if (index <= Core.BaseIndex)
            return;
        Core.Compact(index);
        await _storage.CompactAsync(index);
    }
}
