namespace Microcosm.Runtime;

/// <summary>The operation that a node is about to carry out, for fault rules to match.</summary>
public readonly ref struct OperationCall(string fullName, string node, long connectionId, ReadOnlySpan<byte> client,
    ReadOnlySpan<byte> target)
{
    public string FullName { get; } = fullName;

    public string Node { get; } = node;

    public long ConnectionId { get; } = connectionId;

    public ReadOnlySpan<byte> Client { get; } = client;

    public ReadOnlySpan<byte> Target { get; } = target;

    /// <summary>Where an HTTP request goes; empty for other operations.</summary>
    public HttpRoute Route { get; init; }
}
