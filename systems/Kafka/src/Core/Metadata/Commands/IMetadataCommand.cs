namespace Microcosm.Kafka;

/// <summary>A change of the metadata that all brokers make in the same order.</summary>
internal interface IMetadataCommand
{
    void Write(MessageWriter writer);

    /// <summary>Carries it out or throws <see cref="MetadataRefusal"/> with nothing changed; lists answer for each part.</summary>
    /// <param name="state">What to change.</param>
    /// <param name="index">The command's place in the log.</param>
    MetadataResult Apply(ClusterState state, long index);
}
