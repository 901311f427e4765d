using System.Collections;

namespace Microcosm.Kafka;

/// <summary>Partitions, each once and in order; never changed. Two sets are equal if they hold the same.</summary>
internal sealed class PartitionSet : IReadOnlyCollection<TopicIdPartition>, IEquatable<PartitionSet>
{
    public static readonly PartitionSet Empty = new([]);

    private readonly TopicIdPartition[] _partitions;

    public PartitionSet(IEnumerable<TopicIdPartition> partitions) => _partitions = [.. partitions.Distinct().Order()];

    public int Count => _partitions.Length;

    /// <summary>As the protocol has them: a topic with its partitions.</summary>
    public IEnumerable<(Guid TopicId, List<int> Partitions)> ByTopic() =>
        _partitions.GroupBy(one => one.TopicId).Select(topic => (topic.Key, topic.Select(one => one.Partition).ToList()));

    public static PartitionSet Of(IEnumerable<(Guid TopicId, List<int> Partitions)> topics) =>
        new(topics.SelectMany(topic => topic.Partitions.Select(partition => new TopicIdPartition(topic.TopicId, partition))));

    public bool Contains(TopicIdPartition partition) => Array.BinarySearch(_partitions, partition) >= 0;

    public PartitionSet With(PartitionSet other) => new(_partitions.Concat(other._partitions));

    public PartitionSet Without(PartitionSet other) => Where(one => !other.Contains(one));

    public PartitionSet Where(Func<TopicIdPartition, bool> isIn) => new(Enumerable.Where(_partitions, isIn));

    public bool Overlaps(PartitionSet other) => _partitions.Any(other.Contains);

    public bool Equals(PartitionSet? other) => other is not null && _partitions.AsSpan().SequenceEqual(other._partitions);

    public override bool Equals(object? obj) => Equals(obj as PartitionSet);

    public override int GetHashCode() =>
        _partitions.Length == 0 ? 0 : HashCode.Combine(_partitions.Length, _partitions[0], _partitions[^1]);

    public override string ToString() =>
        string.Join(',', ByTopic().Select(topic => $"{topic.TopicId}:{string.Join('+', topic.Partitions)}"));

    public IEnumerator<TopicIdPartition> GetEnumerator() => ((IEnumerable<TopicIdPartition>)_partitions).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
