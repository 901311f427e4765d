namespace Microcosm.Kafka;

/// <summary>What a group knows of a topic that its members read.</summary>
internal readonly record struct GroupTopic(Guid Id, string Name, int Partitions);
