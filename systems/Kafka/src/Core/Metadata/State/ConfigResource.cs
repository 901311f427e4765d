namespace Microcosm.Kafka;

/// <summary>Whose configuration it is; a broker's name is its number, and "" stands for all brokers.</summary>
internal readonly record struct ConfigResource(ConfigResourceType Type, string Name) : IComparable<ConfigResource>
{
    public static ConfigResource Topic(string name) => new(ConfigResourceType.Topic, name);

    public static ConfigResource AllBrokers { get; } = new(ConfigResourceType.Broker, "");

    public int CompareTo(ConfigResource other) =>
        Type != other.Type ? Type.CompareTo(other.Type) : string.CompareOrdinal(Name, other.Name);

    public void Write(MessageWriter writer)
    {
        writer.WriteByte((byte)Type);
        writer.WriteString(Name);
    }

    public static ConfigResource Read(ref MessageReader reader) => new((ConfigResourceType)reader.ReadByte(), reader.ReadString());
}
