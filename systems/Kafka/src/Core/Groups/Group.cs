namespace Microcosm.Kafka;

/// <summary>A group of either kind: what offsets, retention and the shard ask of it.</summary>
internal abstract class Group(string groupId)
{
    public string GroupId { get; } = groupId;

    /// <summary>They stay when an empty group changes its kind.</summary>
    public OffsetStore Offsets { get; init; } = new();

    /// <summary>When the shard looks at this group next.</summary>
    public long DueMs { get; set; } = long.MaxValue;

    /// <summary>As DescribeGroups, ConsumerGroupDescribe and ListGroups name it.</summary>
    public abstract string StateName { get; }

    public abstract bool IsEmpty { get; }

    /// <summary>The first of all deadlines; <see cref="long.MaxValue"/> for none.</summary>
    public abstract long FirstDueMs { get; }

    /// <summary>The error of a commit in a member's name, or None.</summary>
    public abstract KafkaError ValidateCommit(GroupCommit commit);

    /// <summary>The error of reading offsets in a member's name, or None.</summary>
    public abstract KafkaError ValidateFetch(string? memberId, int memberEpoch);

    /// <summary>The topics that members read; null if nobody can tell, so any may be one.</summary>
    public abstract IReadOnlySet<string>? SubscribedTopics();

    /// <summary>Since when the retention of this offset counts, unless a member reads its topic; null while it does not count.</summary>
    public abstract long? RetainedSinceMs(CommittedOffset offset);

    /// <summary>What ends this empty group in the log, without its offsets.</summary>
    public abstract IReadOnlyList<CoordinatorRecord> Tombstones();

    public abstract GroupDescription Describe();

    public abstract void Check();
}
