namespace Microcosm.Kafka;

/// <summary>One rule: who from where may, or may not, do what to which resources. The numbers are Kafka's codes.</summary>
/// <param name="ResourceType">2 topic, 3 group, 4 cluster, 5 transactional id, 6 delegation token, 7 user.</param>
/// <param name="ResourceName">"*" stands for all.</param>
/// <param name="PatternType">3 literal, 4 prefixed (KIP-290).</param>
/// <param name="Principal"><c>User:name</c>; <c>User:*</c> stands for all.</param>
/// <param name="Host">An address; "*" stands for all.</param>
/// <param name="Operation">2 all, 3 read, 4 write, 5 create, 6 delete, 7 alter, 8 describe, …</param>
/// <param name="Permission">2 deny, 3 allow.</param>
internal sealed record AclBinding(
    byte ResourceType, string ResourceName, byte PatternType, string Principal, string Host, byte Operation, byte Permission)
    : IComparable<AclBinding>
{
    public int CompareTo(AclBinding? other)
    {
        if (other is null)
            return 1;
        var order = (ResourceType, PatternType, Operation, Permission)
            .CompareTo((other.ResourceType, other.PatternType, other.Operation, other.Permission));
        if (order == 0)
            order = string.CompareOrdinal(ResourceName, other.ResourceName);
        if (order == 0)
            order = string.CompareOrdinal(Principal, other.Principal);
        return order != 0 ? order : string.CompareOrdinal(Host, other.Host);
    }

    public void Write(MessageWriter writer)
    {
        writer.WriteByte(ResourceType);
        writer.WriteString(ResourceName);
        writer.WriteByte(PatternType);
        writer.WriteString(Principal);
        writer.WriteString(Host);
        writer.WriteByte(Operation);
        writer.WriteByte(Permission);
    }

    public static AclBinding Read(ref MessageReader reader) =>
        new(reader.ReadByte(), reader.ReadString(), reader.ReadByte(), reader.ReadString(), reader.ReadString(), reader.ReadByte(),
            reader.ReadByte());
}
