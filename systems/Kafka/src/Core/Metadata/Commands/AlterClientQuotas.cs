namespace Microcosm.Kafka;

/// <summary>Sets and removes quotas of one entity (KIP-546).</summary>
/// <param name="Entity">As <see cref="QuotaEntity.Key"/> writes it.</param>
/// <param name="Quotas">A null value removes.</param>
internal sealed record AlterClientQuotas(string Entity, IReadOnlyList<(string Name, double? Value)> Quotas) : IMetadataCommand
{
    private static readonly string[] Names =
        ["producer_byte_rate", "consumer_byte_rate", "request_percentage", "controller_mutation_rate", "connection_creation_rate"];

    public void Write(MessageWriter writer)
    {
        writer.WriteLongString(Entity);
        writer.WriteList(Quotas, (w, q) =>
        {
            w.WriteString(q.Name);
            w.WriteBool(q.Value is not null);
            if (q.Value is { } value)
                w.WriteFloat64(value);
        });
    }

    public static AlterClientQuotas Read(ref MessageReader reader) =>
        new(reader.ReadLongString(), reader.ReadList((ref r) => (r.ReadString(), r.ReadBool() ? (double?)r.ReadFloat64() : null)));

    public MetadataResult Apply(ClusterState state, long index)
    {
        if (Entity.Length == 0)
            throw new MetadataRefusal(KafkaError.InvalidRequest, "Invalid empty client quota entity");
        foreach (var (name, value) in Quotas)
        {
            if (!Names.Contains(name))
                throw new MetadataRefusal(KafkaError.InvalidRequest, $"Invalid configuration key {name}");
            if (value is not null and not (> 0 and < double.PositiveInfinity))
                throw new MetadataRefusal(KafkaError.InvalidRequest, $"Quota {name} must be greater than 0");
        }
        if (!state.ClientQuotas.TryGetValue(Entity, out var quotas))
            quotas = state.ClientQuotas[Entity] = new(StringComparer.Ordinal);
        foreach (var (name, value) in Quotas)
        {
            if (value is { } set)
                quotas[name] = set;
            else
                quotas.Remove(name);
        }
        if (quotas.Count == 0)
            state.ClientQuotas.Remove(Entity);
        state.Change.HasSecurity = true;
        return MetadataResult.Done;
    }
}
