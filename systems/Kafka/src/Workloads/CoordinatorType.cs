namespace Microcosm.Kafka;

/// <summary>What FindCoordinator looks for.</summary>
internal enum CoordinatorType
{
    Group = 0,
    Transaction = 1,
}
