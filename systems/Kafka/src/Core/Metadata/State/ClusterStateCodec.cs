namespace Microcosm.Kafka;

/// <summary>The whole state as bytes; equal states give equal bytes.</summary>
internal static class ClusterStateCodec
{
    /// <summary>Of what <see cref="Save"/> gives.</summary>
    public const byte Format = 1;

    public static void Save(ClusterState state, MessageWriter writer)
    {
        writer.WriteByte(Format);
        writer.WriteInt64(state.NextProducerId);
        writer.WriteList([.. state.Brokers.Values], (w, b) => b.Write(w));
        writer.WriteList([.. state.Topics.Values], (w, t) => t.Write(w));
        writer.WriteList([.. state.Configs], (w, c) =>
        {
            c.Key.Write(w);
            w.WriteList(c.Value, WriteText);
        });
        writer.WriteList(state.Acls, (w, a) => a.Write(w));
        writer.WriteList(state.ScramCredentials.Values, (w, c) => c.Write(w));
        writer.WriteList(state.ClientQuotas, (w, q) =>
        {
            w.WriteLongString(q.Key);
            w.WriteList(q.Value, WriteNumber);
        });
    }

    /// <summary>Throws <see cref="KafkaFormatException"/>; the state may then be half restored.</summary>
    public static void Restore(ClusterState state, ref MessageReader reader)
    {
        if (reader.ReadByte() is var format && format != Format)
            throw new KafkaFormatException($"metadata of format {format}, not {Format}");
        state.Forget();
        state.NextProducerId = reader.ReadInt64();
        foreach (var broker in reader.ReadList(BrokerRegistration.Read))
            state.SetBroker(broker);
        foreach (var topic in reader.ReadList(TopicState.Read))
            state.AddTopic(topic);
        foreach (var (resource, configs) in reader.ReadList((ref r) => (ConfigResource.Read(ref r), r.ReadList(ReadText))))
        {
            foreach (var (name, value) in configs)
                state.SetConfig(resource, name, value);
        }
        state.Acls.UnionWith(reader.ReadList(AclBinding.Read));
        foreach (var credential in reader.ReadList(ScramCredential.Read))
            state.ScramCredentials.Add((credential.User, credential.Mechanism), credential);
        foreach (var (entity, quotas) in reader.ReadList((ref r) => (r.ReadLongString(), r.ReadList(ReadNumber))))
            state.ClientQuotas.Add(entity, new(quotas.ToDictionary(), StringComparer.Ordinal));
        reader.ReadEnd();
        state.CheckInvariants();
    }

    private static void WriteText(MessageWriter writer, KeyValuePair<string, string> entry)
    {
        writer.WriteString(entry.Key);
        writer.WriteString(entry.Value);
    }

    private static void WriteNumber(MessageWriter writer, KeyValuePair<string, double> entry)
    {
        writer.WriteString(entry.Key);
        writer.WriteFloat64(entry.Value);
    }

    private static (string Name, string Value) ReadText(ref MessageReader reader) => (reader.ReadString(), reader.ReadString());

    private static (string Name, double Value) ReadNumber(ref MessageReader reader) => (reader.ReadString(), reader.ReadFloat64());
}
