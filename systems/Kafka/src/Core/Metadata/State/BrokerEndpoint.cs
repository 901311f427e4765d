namespace Microcosm.Kafka;

/// <summary>Where a broker listens under one listener's name.</summary>
internal sealed record BrokerEndpoint(string Listener, string Host, int Port)
{
    public void Write(MessageWriter writer)
    {
        writer.WriteString(Listener);
        writer.WriteString(Host);
        writer.WriteInt32(Port);
    }

    public static BrokerEndpoint Read(ref MessageReader reader) => new(reader.ReadString(), reader.ReadString(), reader.ReadInt32());
}
