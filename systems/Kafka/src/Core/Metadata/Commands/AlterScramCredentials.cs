namespace Microcosm.Kafka;

/// <summary>Sets and deletes users' credentials (KIP-554); results are in the order of the deletions, then of what is set.</summary>
internal sealed record AlterScramCredentials(
    IReadOnlyList<(string User, byte Mechanism)> Deleted, IReadOnlyList<ScramCredential> Set) : IMetadataCommand
{
    private const int IterationsMin = 4096;
    private const int IterationsMax = 16384;

    public void Write(MessageWriter writer)
    {
        writer.WriteList(Deleted, (w, d) =>
        {
            w.WriteString(d.User);
            w.WriteByte(d.Mechanism);
        });
        writer.WriteList(Set, (w, c) => c.Write(w));
    }

    public static AlterScramCredentials Read(ref MessageReader reader) =>
        new(reader.ReadList((ref r) => (r.ReadString(), r.ReadByte())), reader.ReadList(ScramCredential.Read));

    public MetadataResult Apply(ClusterState state, long index) => new MetadataResults(
    [
        .. Deleted.Select(d => MetadataResult.Of(() => Delete(state, d))),
        .. Set.Select(c => MetadataResult.Of(() => Upsert(state, c))),
    ]);

    private static void Delete(ClusterState state, (string User, byte Mechanism) which)
    {
        if (!state.ScramCredentials.Remove(which))
            throw new MetadataRefusal(KafkaError.ResourceNotFound, "Attempt to delete a user credential that does not exist");
        state.Change.HasSecurity = true;
    }

    private static void Upsert(ClusterState state, ScramCredential credential)
    {
        if (credential.User.Length == 0)
            throw new MetadataRefusal(KafkaError.UnacceptableCredential, "Username must not be empty");
        if (credential.Mechanism is not (1 or 2))
            throw new MetadataRefusal(KafkaError.UnsupportedSaslMechanism, "Unknown SCRAM mechanism");
        if (credential.Iterations < IterationsMin)
            throw new MetadataRefusal(KafkaError.UnacceptableCredential, "Too few iterations");
        if (credential.Iterations > IterationsMax)
            throw new MetadataRefusal(KafkaError.UnacceptableCredential, "Too many iterations");
        state.ScramCredentials[(credential.User, credential.Mechanism)] = credential;
        state.Change.HasSecurity = true;
    }
}
