namespace Microcosm.Kafka;

/// <summary>A partition as a fetch names it: by the topic's id since version 13 (KIP-516), before by its name.</summary>
/// <param name="Topic">Empty if there is an id.</param>
/// <param name="TopicId">Empty if there is a name.</param>
internal readonly record struct FetchPartitionId(string Topic, Guid TopicId, int Partition);
