namespace Microcosm.Kafka;

/// <summary>The states of a classic group, as DescribeGroups names them. A group that is Dead is not kept.</summary>
internal enum ClassicGroupState
{
    Empty,
    PreparingRebalance,
    CompletingRebalance,
    Stable,
}
