namespace Microcosm.Kafka;

/// <summary>What the parts of a <see cref="GroupShard"/> share: the groups, when each is due, and the writes.</summary>
/// <param name="times">Of the members of a consumer group; null for those that the options give all.</param>
internal sealed class GroupBoard(GroupOptions options, Func<Guid> newId, Func<string, ConsumerTimes>? times) : CoordinatorBoard
{
    private readonly Queue<(long After, Action<KafkaError> Run)> _readers = [];
    private long _writesIssued;
    private long _writesDone;

    public GroupOptions Options { get; } = options;

    /// <summary>As they are now: they may be changed while the group is in use.</summary>
    public ConsumerTimes TimesOf(string groupId) => times?.Invoke(groupId)
        ?? new ConsumerTimes(Options.ConsumerSessionTimeoutMs, Options.ConsumerHeartbeatIntervalMs);

    public Func<Guid> NewId { get; } = newId;

    public SortedDictionary<string, Group> Groups { get; } = new(StringComparer.Ordinal);

    public ClassicGroup? FindClassic(string groupId) => Groups.GetValueOrDefault(groupId) as ClassicGroup;

    /// <summary>The classic group of this id, if need be a new one. An empty consumer group becomes one, with its offsets.</summary>
    public ClassicGroup ClassicFor(string groupId, long nowMs)
    {
        if (FindClassic(groupId) is { } known)
            return known;
        var former = Groups.GetValueOrDefault(groupId);
        var group = new ClassicGroup(groupId, nowMs) { Offsets = former?.Offsets ?? new OffsetStore() };
        Put(group);
        if (former is not null)
            Write(former.Tombstones(), _ => { });
        return group;
    }

    /// <exception cref="GroupRefusal">There is none.</exception>
    public ConsumerGroup ExistingConsumer(string groupId)
    {
        if (!Groups.TryGetValue(groupId, out var group))
            throw new GroupRefusal(KafkaError.GroupIdNotFound, $"Consumer group {groupId} not found.");
        return group as ConsumerGroup ?? throw NotAConsumerGroup(groupId);
    }

    public static GroupRefusal NotAConsumerGroup(string groupId) =>
        new(KafkaError.GroupIdNotFound, $"Group {groupId} is not a consumer group");

    /// <summary>Puts a group where one of another kind may be under its id. Who waits for that one is to join again.</summary>
    public void Put(Group group)
    {
        if (Groups.GetValueOrDefault(group.GroupId) is { } former && former != group)
        {
            LookAt(former, long.MaxValue);
            (former as ClassicGroup)?.AnswerAll(KafkaError.RebalanceInProgress);
        }

        Groups[group.GroupId] = group;
    }

    /// <summary>Takes an empty group out, and answers what ends it in the log.</summary>
    public IReadOnlyList<CoordinatorRecord> Drop(Group group)
    {
        LookAt(group, long.MaxValue);
        Groups.Remove(group.GroupId);
        return group.Tombstones();
    }

    /// <summary>Takes the next group that is due; null if none is.</summary>
    public Group? TakeDue(long nowMs)
    {
        if (FirstDue(nowMs) is not { } id)
            return null;
        var group = Groups[id];
        LookAt(group, long.MaxValue);
        return group;
    }

    protected override void EndWaits()
    {
        const KafkaError error = KafkaError.NotCoordinator;
        while (_readers.TryDequeue(out var reader))
            reader.Run(error);
        foreach (var group in Groups.Values.OfType<ClassicGroup>())
            group.AnswerAll(error);
    }

    /// <summary>Issues one batch. A failed one ends the shard.</summary>
    public void Write(IReadOnlyList<CoordinatorRecord> records, Action<KafkaError> done, long producerId = -1, short producerEpoch = -1)
    {
        _writesIssued++;
        Writes.Enqueue(new CoordinatorWrite(records, Committed, producerId, producerEpoch));

        void Committed(KafkaError error)
        {
            if (!IsEnded && error != KafkaError.None)
                Fail();
            if (IsEnded)
            {
                done(KafkaError.NotCoordinator);
                return;
            }

            _writesDone++;
            done(KafkaError.None);
            while (_readers.TryPeek(out var reader) && reader.After <= _writesDone)
                _readers.Dequeue().Run(KafkaError.None);
        }
    }

    /// <summary>Runs now if all that was written is committed, else when it is: what a reader sees must not be lost after.</summary>
    public void AfterWrites(Action<KafkaError> run)
    {
        if (_writesDone == _writesIssued)
            run(KafkaError.None);
        else
            _readers.Enqueue((_writesIssued, run));
    }

    /// <summary>The end of each change: the invariants, and when to look again.</summary>
    public void Changed(Group group)
    {
        group.Check();
        if (Groups.GetValueOrDefault(group.GroupId) == group && !IsEnded)
            LookAt(group, group.FirstDueMs);
    }

    private void LookAt(Group group, long dueMs) => group.DueMs = Move(group.GroupId, group.DueMs, dueMs);

    /// <summary>A sign of life. It moves the expiry away, unless the group was given a shorter session.</summary>
    public void KeepAlive(ConsumerGroup group, ConsumerMember member, long nowMs)
    {
        member.ExpiresAtMs = nowMs + SessionOf(group, member);
        if (member.DueMs < group.DueMs && Groups.GetValueOrDefault(group.GroupId) == group)
            LookAt(group, member.DueMs);
    }

    /// <summary>A classic member has its own session time-out, others that of their group.</summary>
    public int SessionOf(ConsumerGroup group, ConsumerMember member) =>
        member.Subscription.Classic?.SessionTimeoutMs ?? TimesOf(group.GroupId).SessionTimeoutMs;

    /// <summary>A sign of life. It only moves the expiry away; the group's due time stays, and is corrected when it comes.</summary>
    public void KeepAlive(ClassicGroup group, ClassicMember member, long nowMs)
    {
        member.ExpiresAtMs = nowMs + (member.IsNew ? Options.NewMemberJoinTimeoutMs : member.SessionTimeoutMs);
        if (member.DueMs < group.DueMs)
            LookAt(group, member.ExpiresAtMs);
    }
}
