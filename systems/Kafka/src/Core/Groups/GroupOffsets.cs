using System.Text;

namespace Microcosm.Kafka;

/// <summary>OffsetCommit, TxnOffsetCommit, OffsetFetch, OffsetDelete, DeleteGroups, and the retention of offsets.</summary>
internal sealed class GroupOffsets(GroupBoard board)
{
    /// <summary>Answers one error a partition, in their order, once the accepted ones are committed.</summary>
    public void Commit(GroupCommit commit, long nowMs, Action<IReadOnlyList<KafkaError>> reply)
    {
        var refused = ValidateCommit(commit);
        if (refused != KafkaError.None)
        {
            reply([.. commit.Offsets.Select(_ => refused)]);
            return;
        }

        if (!board.Groups.TryGetValue(commit.GroupId, out var group))
            group = board.ClassicFor(commit.GroupId, nowMs);
        if (group is ClassicGroup classic && classic.Members.TryGetValue(commit.MemberId, out var member))
            board.KeepAlive(classic, member, nowMs);
        var errors = commit.Offsets.Select(one => ErrorOf(one.Offset)).ToArray();
        var records = new List<CoordinatorRecord>();
        foreach (var ((partition, offset), error) in commit.Offsets.Zip(errors))
        {
            if (error != KafkaError.None)
                continue;
            records.Add(GroupRecords.Offset(commit.GroupId, partition, offset));
            group.Offsets.Replay(partition, offset, commit.ProducerId);
        }

        if (records.Count == 0)
            reply(errors);
        else
            board.Write(records, Written, commit.ProducerId, commit.ProducerEpoch);

        void Written(KafkaError error) => reply(error == KafkaError.None ? errors : [.. errors.Select(_ => error)]);
    }

    /// <summary>A transaction's marker is committed here.</summary>
    public void CompleteTransaction(long producerId, bool isCommit)
    {
        foreach (var group in board.Groups.Values)
            group.Offsets.Complete(producerId, isCommit);
    }

    /// <summary>Answers the committed offsets of these partitions, of all if null.</summary>
    /// <remarks>
    /// Stable means: none that an open transaction will change. Member and epoch are version 9 and above, null and -1 below.
    /// </remarks>
    public void Fetch(
        string groupId, IReadOnlyList<TopicPartition>? partitions, bool requireStable,
        Action<KafkaError, IReadOnlyList<FetchedOffset>> reply, string? memberId = null, int memberEpoch = -1)
    {
        var group = board.Groups.GetValueOrDefault(groupId);
        var refused = board.IsClosed ? board.ClosedError : group?.ValidateFetch(memberId, memberEpoch) ?? KafkaError.None;
        if (refused != KafkaError.None)
        {
            reply(refused, []);
            return;
        }

        var offsets = group?.Offsets ?? new OffsetStore();
        var found = (partitions ?? [.. offsets.Partitions]).Select(partition => FetchOne(offsets, partition, requireStable)).ToArray();
        board.AfterWrites(error => reply(error, error == KafkaError.None ? found : []));
    }

    /// <summary>OffsetDelete: one error a partition, in their order, or one for all.</summary>
    public void DeleteOffsets(string groupId, IReadOnlyList<TopicPartition> partitions, Action<KafkaError, IReadOnlyList<KafkaError>> reply)
    {
        if (board.IsClosed || !board.Groups.TryGetValue(groupId, out var group))
        {
            reply(board.IsClosed ? board.ClosedError : KafkaError.GroupIdNotFound, []);
            return;
        }

        // Consumers say what they read; of another group in use nobody knows which offsets it needs.
        if (group is ClassicGroup { Members.Count: > 0, ProtocolType: not ConsumerSubscription.ProtocolType })
        {
            reply(KafkaError.NonEmptyGroup, []);
            return;
        }

        var topics = group.SubscribedTopics();
        var errors = partitions
            .Select(partition => IsRead(partition) ? KafkaError.GroupSubscribedToTopic : KafkaError.None).ToArray();
        var deleted = partitions.Where(partition => !IsRead(partition)).Intersect(group.Offsets.All()).ToArray();
        if (deleted.Length == 0)
            board.AfterWrites(error => reply(error, errors));
        else
            board.Write(Forget(group, deleted), error => reply(error, errors));

        bool IsRead(TopicPartition partition) => topics is null || topics.Contains(partition.Topic);
    }

    /// <summary>For <see cref="GroupShard.TopicsDeleted"/>.</summary>
    public void TopicsDeleted(IReadOnlyCollection<string> topics)
    {
        if (board.IsClosed)
            return;
        var records = new List<CoordinatorRecord>();
        foreach (var group in board.Groups.Values)
            records.AddRange(Forget(group, [.. group.Offsets.All().Where(partition => topics.Contains(partition.Topic))]));
        if (records.Count > 0)
            board.Write(records, _ => { });
    }

    /// <summary>DeleteGroups, for one group.</summary>
    public void Delete(string groupId, Action<KafkaError> reply)
    {
        if (board.IsClosed || !board.Groups.TryGetValue(groupId, out var group))
            reply(board.IsClosed ? board.ClosedError : KafkaError.GroupIdNotFound);
        else if (!group.IsEmpty)
            reply(KafkaError.NonEmptyGroup);
        else
            board.Write([.. Forget(group, [.. group.Offsets.All()]), .. board.Drop(group)], reply);
    }

    private KafkaError ValidateCommit(GroupCommit commit)
    {
        if (board.IsClosed)
            return board.ClosedError;
        if (commit.GroupId.Length == 0)
            return KafkaError.InvalidGroupId;
        if (board.Groups.TryGetValue(commit.GroupId, out var group))
            return group.ValidateCommit(commit);
        if (commit.GenerationId < 0)
            return KafkaError.None;
        return commit.KnowsMemberEpochs && commit.ProducerId < 0 ? KafkaError.GroupIdNotFound : KafkaError.IllegalGeneration;
    }

    private KafkaError ErrorOf(CommittedOffset offset) =>
        Encoding.UTF8.GetByteCount(offset.Metadata) > board.Options.OffsetMetadataMaxBytes
            ? KafkaError.OffsetMetadataTooLarge
            : KafkaError.None;

    private static FetchedOffset FetchOne(OffsetStore offsets, TopicPartition partition, bool requireStable)
    {
        if (requireStable && offsets.IsPending(partition))
            return new FetchedOffset(partition, -1, -1, "", KafkaError.UnstableOffsetCommit);
        return offsets.Find(partition) is { } found
            ? new FetchedOffset(partition, found.Offset, found.LeaderEpoch, found.Metadata, KafkaError.None)
            : new FetchedOffset(partition, -1, -1, "", KafkaError.None);
    }

    private static List<CoordinatorRecord> Forget(Group group, IReadOnlyList<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
            group.Offsets.Replay(partition, null, -1);
        return [.. partitions.Select(partition => GroupRecords.NoOffset(group.GroupId, partition))];
    }

    /// <summary>KIP-211: offsets that nobody used for the retention time go, and with the last one an empty group.</summary>
    public void ExpireOffsets(long nowMs)
    {
        foreach (var group in board.Groups.Values.ToArray())
        {
            var topics = group.SubscribedTopics();
            var records = topics is null
                ? []
                : Forget(group, [.. group.Offsets.Partitions.Where(one => !topics.Contains(one.Topic) && IsExpired(group, one, nowMs))]);
            if (group.IsEmpty && group.Offsets.IsEmpty && group is not ClassicGroup { PendingMembers.Count: > 0 })
                records.AddRange(board.Drop(group));
            if (records.Count > 0)
                board.Write(records, _ => { });
        }
    }

    private bool IsExpired(Group group, TopicPartition partition, long nowMs)
    {
        var offset = group.Offsets.Find(partition)!;
        if (group.Offsets.IsPending(partition) || group.RetainedSinceMs(offset) is not { } since)
            return false;
        return offset.ExpireTimestamp >= 0 ? nowMs >= offset.ExpireTimestamp : nowMs - since >= board.Options.OffsetsRetentionMs;
    }
}
