namespace Microcosm.Kafka;

/// <summary>A member as assignors see it. <paramref name="Target"/> is what the assignment before gave it.</summary>
internal sealed record AssignorMember(string MemberId, string? InstanceId, IReadOnlyList<Guid> Topics, PartitionSet Target);
