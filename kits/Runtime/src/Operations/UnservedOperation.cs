namespace Microcosm.Runtime;

/// <summary>Something that clients asked for and no node of the world does.</summary>
/// <param name="Name">As rules would name it: <c>redis.XADD</c>, <c>kafka.Fetch v18</c>, <c>nginx.aio</c>.</param>
/// <param name="Count">How often it was asked for.</param>
public sealed record UnservedOperation(string Name, long Count);
