namespace Microcosm.Kafka;

/// <summary>What a broker must know to check a user's password (RFC 5802, KIP-554); not the password.</summary>
/// <param name="User">The user's name.</param>
/// <param name="Mechanism">1 SCRAM-SHA-256, 2 SCRAM-SHA-512.</param>
internal sealed record ScramCredential(string User, byte Mechanism, byte[] Salt, byte[] StoredKey, byte[] ServerKey, int Iterations)
{
    public void Write(MessageWriter writer)
    {
        writer.WriteString(User);
        writer.WriteByte(Mechanism);
        writer.WriteBytes(Salt);
        writer.WriteBytes(StoredKey);
        writer.WriteBytes(ServerKey);
        writer.WriteInt32(Iterations);
    }

    public static ScramCredential Read(ref MessageReader reader) =>
        new(reader.ReadString(), reader.ReadByte(), reader.ReadBytes().ToArray(),
            reader.ReadBytes().ToArray(), reader.ReadBytes().ToArray(), reader.ReadInt32());
}
