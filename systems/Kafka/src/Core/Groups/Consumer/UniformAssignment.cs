namespace Microcosm.Kafka;

/// <summary>
/// One computation of the uniform assignor: keep what members had, give what is free to the least loaded, then move partitions from
/// loaded members to less loaded ones while that evens them out. Topics with the same readers form one audience; within it any reader
/// can take over from any other.
/// </summary>
internal sealed class UniformAssignment
{
    private readonly IReadOnlyList<AssignorMember> _members;
    private readonly IReadOnlyDictionary<Guid, int> _partitions;
    private readonly int[] _loads;
    private readonly Dictionary<Guid, Audience> _audienceOf = [];
    private readonly List<Audience> _audiences = [];
    private readonly List<Audience>[] _audiencesOf;

    public UniformAssignment(IReadOnlyList<AssignorMember> members, IReadOnlyDictionary<Guid, int> partitions)
    {
        _members = members;
        _partitions = partitions;
        _loads = new int[members.Count];
        _audiencesOf = [.. members.Select(_ => new List<Audience>())];
        FindAudiences();
    }

    public IReadOnlyDictionary<string, PartitionSet> Build()
    {
        AssignFree(Keep());
        var hasMoved = true;
        while (hasMoved)
        {
            hasMoved = false;
            foreach (var audience in _audiences)
            {
                while (MoveOne(audience))
                    hasMoved = true;
            }
        }

        return _members.Select((member, index) => (member.MemberId, Held: _audiencesOf[index].SelectMany(one => one.Held[index])))
            .ToDictionary(one => one.MemberId, one => new PartitionSet(one.Held));
    }

    private void FindAudiences()
    {
        var readers = _partitions.Keys.Order().ToDictionary(topic => topic, _ => new List<int>());
        for (var index = 0; index < _members.Count; index++)
        {
            foreach (var topic in _members[index].Topics)
                readers[topic].Add(index);
        }

        var byReaders = new Dictionary<string, Audience>();
        foreach (var (topic, indexes) in readers)
        {
            if (indexes.Count == 0)
                continue;
            var key = string.Join(',', indexes);
            if (!byReaders.TryGetValue(key, out var audience))
            {
                byReaders[key] = audience = new Audience(indexes);
                _audiences.Add(audience);
                foreach (var index in indexes)
                    _audiencesOf[index].Add(audience);
            }

            _audienceOf[topic] = audience;
        }
    }

    private HashSet<TopicIdPartition> Keep()
    {
        var taken = new HashSet<TopicIdPartition>();
        for (var index = 0; index < _members.Count; index++)
        {
            var topics = _members[index].Topics.ToHashSet();
            foreach (var partition in _members[index].Target)
            {
                if (topics.Contains(partition.TopicId) && partition.Partition < _partitions[partition.TopicId] && taken.Add(partition))
                    Give(index, partition);
            }
        }

        return taken;
    }

    /// <summary>Topics with the most partitions a reader come first: the others even out what they leave.</summary>
    private void AssignFree(HashSet<TopicIdPartition> taken)
    {
        var topics = _audienceOf.Keys.OrderByDescending(topic => (double)_partitions[topic] / _audienceOf[topic].Held.Count)
            .ThenBy(topic => _audienceOf[topic].Held.Count).ThenBy(topic => topic);
        foreach (var topic in topics)
        {
            for (var number = 0; number < _partitions[topic]; number++)
            {
                var partition = new TopicIdPartition(topic, number);
                if (!taken.Contains(partition))
                    Give(_audienceOf[topic].ByLoad.Min.Index, partition);
            }
        }
    }

    /// <summary>Each move makes two loads more equal, so moving ends.</summary>
    private bool MoveOne(Audience audience)
    {
        var least = audience.ByLoad.Min;
        foreach (var (load, index) in audience.ByLoad.Reverse())
        {
            if (load - least.Load <= 1)
                return false;
            if (audience.Held[index].Count == 0)
                continue;
            var partition = audience.Held[index].Max;
            audience.Held[index].Remove(partition);
            AddLoad(index, -1);
            Give(least.Index, partition);
            return true;
        }

        return false;
    }

    private void Give(int index, TopicIdPartition partition)
    {
        _audienceOf[partition.TopicId].Held[index].Add(partition);
        AddLoad(index, 1);
    }

    private void AddLoad(int index, int more)
    {
        foreach (var audience in _audiencesOf[index])
        {
            audience.ByLoad.Remove((_loads[index], index));
            audience.ByLoad.Add((_loads[index] + more, index));
        }

        _loads[index] += more;
    }

    private sealed class Audience(List<int> readers)
    {
        public SortedSet<(int Load, int Index)> ByLoad { get; } = [.. readers.Select(index => (0, index))];

        /// <summary>What each reader has of this audience's topics.</summary>
        public Dictionary<int, SortedSet<TopicIdPartition>> Held { get; } =
            readers.ToDictionary(index => index, _ => new SortedSet<TopicIdPartition>());
    }
}
