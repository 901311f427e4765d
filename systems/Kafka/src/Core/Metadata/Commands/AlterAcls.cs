using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>Adds and removes ACLs. One that is there already, or not there, is no error.</summary>
internal sealed record AlterAcls(IReadOnlyList<AclBinding> Added, IReadOnlyList<AclBinding> Removed) : IMetadataCommand
{
    /// <summary>More are refused.</summary>
    [Limit("AclsMax")]
    public const int AclsMax = 100_000;

    public void Write(MessageWriter writer)
    {
        writer.WriteList(Added, (w, a) => a.Write(w));
        writer.WriteList(Removed, (w, a) => a.Write(w));
    }

    public static AlterAcls Read(ref MessageReader reader) => new(reader.ReadList(AclBinding.Read), reader.ReadList(AclBinding.Read));

    public MetadataResult Apply(ClusterState state, long index)
    {
        if (state.Acls.Count + Added.Count > AclsMax)
            throw new MetadataRefusal(KafkaError.PolicyViolation, $"There can be {AclsMax} ACLs at most.");
        state.Acls.ExceptWith(Removed);
        state.Acls.UnionWith(Added);
        state.Change.HasSecurity = true;
        return MetadataResult.Done;
    }
}
