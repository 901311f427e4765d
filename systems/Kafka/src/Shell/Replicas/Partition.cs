using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// One replica of a partition on this broker: its log, and what it does with it as the cluster says. Everything on the node's executor.
/// Invariants: it leads only in the leader epoch that the cluster gave to this start of the broker; one of opening, cutting and removing
/// the log is under way at a time; who waits for a commit is answered, whatever happens.
/// </summary>
/// <param name="folderIsFree">Completes when an earlier replica of that name is gone from the disk.</param>
internal sealed class Partition(KafkaBroker broker, TopicPartition name, Guid topicId, PartitionState state, Task folderIsFree)
{
    /// <summary>How followers were before KIP-101: what lies behind the high watermark that they know is cut off, and epochs are not
    /// compared.</summary>
    public const string TruncatesToHighWatermark = "kafka/truncates-to-high-watermark";

    private readonly CommitWaits _waits = new();
    private readonly SyncAtTurnEnd _sync = new();
    private TaskCompletionSource _settled = new();
    private Task? _following;
    private bool _isReconciling;
    private bool _isStale;

    /// <summary>The log got longer, the high watermark moved, or the leader changed: fetches that wait look again.</summary>
    public event Action? Moved;

    public TopicPartition Name => name;
    public Guid TopicId => topicId;

    /// <summary>As the cluster agrees on it.</summary>
    public PartitionState State { get; private set; } = state;

    /// <summary>Null until it is open.</summary>
    public PartitionLog? Log { get; private set; }

    /// <summary>Not null while this replica leads.</summary>
    public LeaderState? Leader { get; private set; }

    /// <summary>Why the log cannot be used; null where it can.</summary>
    public string? Failure { get; private set; }

    /// <summary>True once the topic, or this replica of it, is gone.</summary>
    public bool IsRemoved { get; private set; }

    public bool IsFollower => Log is not null && Leader is null && !IsRemoved && Failure is null && State.Leader >= 0
        && State.Leader != broker.Id && broker.IsLive;

    /// <summary>The cluster changed it, or this broker's own standing.</summary>
    public void Change(PartitionState state)
    {
        State = state;
        if (Leader is { } leader)
        {
            if (state.Leader == broker.Id && state.LeaderEpoch == leader.LeaderEpoch)
            {
                leader.Changed(state, broker.NowMs);
                Progress();
            }
            else
            {
                Resign();
            }
        }
        Reconcile();
    }

    /// <summary>Waits until the log is open and this replica does what the cluster says, if it is about to.</summary>
    public ValueTask SettledAsync() => IsSettled ? ValueTask.CompletedTask : new ValueTask(_settled.Task);

    /// <summary>The error of a request for the leader, or None: it leads.</summary>
    public KafkaError CheckLeader(int currentLeaderEpoch = -1) => Check(currentLeaderEpoch, mayFollow: false);

    /// <summary>The error of a consumer's fetch, which a follower carries out too (KIP-392), or None.</summary>
    public KafkaError CheckReader(int currentLeaderEpoch) => Check(currentLeaderEpoch, mayFollow: true);

    private KafkaError Check(int currentLeaderEpoch, bool mayFollow)
    {
        if (Failure is not null || IsRemoved)
            return Failure is not null ? KafkaError.KafkaStorageError : KafkaError.UnknownTopicOrPartition;
        if (State.CheckEpoch(currentLeaderEpoch) is var error && error != KafkaError.None)
            return error;
        return Leader is not null || (mayFollow && IsFollower) ? KafkaError.None : KafkaError.NotLeaderOrFollower;
    }

    /// <summary>
    /// Appends as leader. Where the partition is not settled yet, in turn once it is. Completes, for acks=all, when the batch is
    /// committed: on all replicas in sync and durable there.
    /// </summary>
    public async ValueTask<AppendInfo> AppendAsync(ReadOnlyMemory<byte> batches, short acks, long timeoutMs, AppendOrigin origin)
    {
        if (!IsSettled)
            await _settled.Task;
        if (CheckLeader() is var refused && refused != KafkaError.None)
            return new AppendInfo(refused);
        var (log, leader) = (Log!, Leader!);
        var isrMin = acks == -1 ? broker.Settings.MinInsyncReplicas(name.Topic) : 1;
        if (State.Isr.Count < isrMin)
        {
            return new AppendInfo(KafkaError.NotEnoughReplicas,
                $"The size of the current ISR {State.Isr.Count} is insufficient to satisfy the min.isr requirement of {isrMin} for "
                + $"partition {name}");
        }
        var info = log.AppendAsLeader(batches, leader.LeaderEpoch, origin);
        if (info.Error != KafkaError.None)
            return info;
        LogMoved();
        if (acks != -1)
            return info;
        var error = info.LastOffset < leader.HighWatermark ? KafkaError.None
            : await _waits.AddAsync(info.LastOffset, broker.Deadlines, timeoutMs);
        if (error == KafkaError.None && State.Isr.Count < isrMin)
            error = KafkaError.NotEnoughReplicasAfterAppend;
        return error == KafkaError.None ? info : new AppendInfo(error);
    }

    /// <summary>Completes with None when an offset is committed in this epoch, NotLeaderOrFollower where it ends before.</summary>
    public ValueTask<KafkaError> CommittedAsync(long offset) =>
        Leader is not { } leader ? ValueTask.FromResult(KafkaError.NotLeaderOrFollower)
        : offset < leader.HighWatermark ? ValueTask.FromResult(KafkaError.None)
        : _waits.AddAsync(offset, broker.Deadlines, int.MaxValue);

    /// <summary>A follower fetches from here. False: it is none.</summary>
    public bool Fetched(int replica, long brokerEpoch, long offset, long logStart)
    {
        if (Leader is not { } leader || !leader.Fetched(replica, brokerEpoch, offset, logStart, broker.NowMs))
            return false;
        Progress();
        CheckIsr();
        return true;
    }

    /// <summary>Batches that a follower fetched.</summary>
    public Task TakeFetchedAsync(Func<PartitionLog, ValueTask> take)
    {
        Invariant.Check(IsFollower && _following is not { IsCompleted: false }, "a follower does one thing at a time");
        return _following = TakeAsync();

        async Task TakeAsync()
        {
            await take(Log!);
            // Consumers may read from here (KIP-392).
            Moved?.Invoke();
        }
    }

    /// <summary>Looks whether the in-sync replicas are to change, and asks the cluster for it.</summary>
    public void CheckIsr()
    {
        if (Leader is not { } leader)
            return;
        if (State.IsRecovering)
            ProposeIsr(leader, [(broker.Id, -1)]);
        else if (leader.TakeIsrChange(broker.NowMs) is { } isr)
            ProposeIsr(leader, isr);
    }

    /// <summary>A log's settings changed.</summary>
    public void SettingsChanged() => Log?.UpdateSettings(broker.Settings.OfLog(name.Topic));

    /// <summary>The topic is gone, or this replica is not wanted any more: the log goes too.</summary>
    public async Task RemoveAsync()
    {
        IsRemoved = true;
        _sync.Stop();
        Resign();
        Reconcile();
        while (_isReconciling)
            await _settled.Task;
    }

    /// <summary>Closes the log in order, as the broker stops.</summary>
    public async ValueTask CloseAsync()
    {
        Resign();
        if (_following is { } following)
            await following;
        if (Log is { Failure: null } log && !IsRemoved)
            await log.CloseAsync();
    }

    /// <summary>The log got longer, or more of it is durable.</summary>
    public void LogMoved()
    {
        if (Leader is { } leader && Log is { } log)
        {
            leader.LogMoved(log.LogEndOffset, log.SyncedEndOffset, broker.NowMs);
            Progress();
        }
        _sync.LogMoved(Log, broker.Context.Executor);
    }

    // A broker that is not in use yet has nothing to settle.
    private bool IsSettled => IsRemoved || Failure is not null || !broker.IsLive
        || (Log is not null && State.Leader == broker.Id == Leader is not null);

    private void Progress()
    {
        Log!.OnHighWatermark(Leader!.HighWatermark);
        _waits.Committed(Leader.HighWatermark);
        Moved?.Invoke();
    }

    private void Resign()
    {
        if (Leader is null)
            return;
        Leader = null;
        _waits.End(KafkaError.NotLeaderOrFollower);
        broker.Replicas.LeadershipEnded(this);
        Moved?.Invoke();
    }

    // async void: an error of the disk ends the broker, as it ends Kafka's with its only log directory.
    private async void Reconcile()
    {
        _isStale = true;
        if (_isReconciling)
            return;
        _isReconciling = true;
        while (_isStale)
        {
            _isStale = false;
            await StepAsync();
        }
        _isReconciling = false;
        if (!IsSettled)
            return;
        var settled = _settled;
        _settled = new TaskCompletionSource();
        settled.SetResult();
    }

    private async ValueTask StepAsync()
    {
        if (Log is null && !IsRemoved && Failure is null)
            await OpenAsync();
        if (Failure is not null)
            broker.Replicas.GiveUp(this);
        if (_following is { } following)
            await following;
        if (IsRemoved)
        {
            if (Log is { } gone)
                await gone.DeleteAsync();
            Log = null;
        }
        else if (Log is not null && broker.IsLive && State.Leader == broker.Id && Leader is null)
        {
            Lead(Log);
        }
        if (IsFollower && Bug.IsPlanted(TruncatesToHighWatermark))
            await Log!.TruncateToAsync(Log.HighWatermark);
        if (IsFollower)
            broker.Fetchers.Follow(this);
        if (Leader is null)
            Moved?.Invoke();
    }

    private async ValueTask OpenAsync()
    {
        try
        {
            await folderIsFree;
            if (IsRemoved)
                return;
            var log = await broker.Replicas.OpenLogAsync(name, topicId);
            log.Synced += LogMoved;
            Log = log;
        }
        catch (Storage.DamagedFileException e)
        {
            Failure = e.Message;
            broker.Context.Log.Write(LogSeverity.Error, $"Error while loading log of {name}: {e.Message}");
        }
    }

    private void Lead(PartitionLog log)
    {
        log.AssignEpoch(State.LeaderEpoch, log.LogEndOffset);
        Leader = new LeaderState(broker.Id, State, log.HighWatermark, log.LogEndOffset, log.SyncedEndOffset,
            broker.Options.ReplicaLagTimeMaxMs, broker.IsEligible, broker.NowMs);
        Progress();
        LogMoved();
        CheckIsr();
        broker.Replicas.LeadershipBegan(this);
    }

    // async void: what the cluster refuses is asked for again, with the next look.
    private async void ProposeIsr(LeaderState leader, IReadOnlyList<(int Broker, long Epoch)> isr)
    {
        var result = await broker.ProposeAsync(new AlterPartition(
            broker.Id, broker.Epoch, topicId, name.Partition, State.LeaderEpoch, State.PartitionEpoch, isr, IsRecovering: false));
        if (Leader != leader)
            return;
        if (result.Error != KafkaError.None)
            leader.IsrRefused(isOutcomeKnown: result.Error != KafkaError.RequestTimedOut, broker.NowMs);
        Progress();
    }
}
