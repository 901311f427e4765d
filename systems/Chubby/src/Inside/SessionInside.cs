namespace Microcosm.Chubby;

/// <summary>A session as the Inside page shows it.</summary>
/// <param name="Id">In hexadecimal, as logs have it.</param>
/// <param name="LeaseLeftMs">What is left of its lease; null on members that do not lead.</param>
internal sealed record SessionInside(string Id, int TimeoutMs, long? LeaseLeftMs, IReadOnlyList<string> Ephemerals);
