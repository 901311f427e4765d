namespace Microcosm.Kafka;

/// <summary>What a consumer group keeps of a member that speaks the classic protocol: its own session time-out, and what it joined
/// with.</summary>
internal sealed record ClassicMetadata(int SessionTimeoutMs, IReadOnlyList<GroupProtocol> Protocols)
{
    public bool Supports(string protocol) => Protocols.Any(known => known.Name == protocol);

    public bool Equals(ClassicMetadata? other) =>
        other is not null && SessionTimeoutMs == other.SessionTimeoutMs && Protocols.SequenceEqual(other.Protocols);

    public override int GetHashCode() => HashCode.Combine(SessionTimeoutMs, Protocols.Count);
}
