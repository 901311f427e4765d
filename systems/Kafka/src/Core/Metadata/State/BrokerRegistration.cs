namespace Microcosm.Kafka;

/// <summary>What the cluster knows of a broker.</summary>
/// <param name="Id">The broker's number.</param>
/// <param name="IncarnationId">New at each start of the broker's process.</param>
/// <param name="Epoch">Index of the command that registered this incarnation; only grows (KIP-631).</param>
/// <param name="Rack">Null if none was given.</param>
/// <param name="Endpoints">One for each listener.</param>
/// <param name="IsFenced">A fenced broker leads nothing and is in no new ISR.</param>
/// <param name="IsShuttingDown">In controlled shutdown: it leads only what nobody else can lead.</param>
internal sealed record BrokerRegistration(
    int Id, Guid IncarnationId, long Epoch, string? Rack, IReadOnlyList<BrokerEndpoint> Endpoints, bool IsFenced, bool IsShuttingDown)
{
    /// <summary>True if it may be elected and join an ISR.</summary>
    public bool IsActive => !IsFenced && !IsShuttingDown;

    public void Write(MessageWriter writer)
    {
        writer.WriteInt32(Id);
        writer.WriteUuid(IncarnationId);
        writer.WriteInt64(Epoch);
        writer.WriteNullableString(Rack);
        writer.WriteList(Endpoints, (w, e) => e.Write(w));
        writer.WriteBool(IsFenced);
        writer.WriteBool(IsShuttingDown);
    }

    public static BrokerRegistration Read(ref MessageReader reader) => new(
        reader.ReadInt32(), reader.ReadUuid(), reader.ReadInt64(), reader.ReadNullableString(), reader.ReadList(BrokerEndpoint.Read),
        reader.ReadBool(), reader.ReadBool());
}
