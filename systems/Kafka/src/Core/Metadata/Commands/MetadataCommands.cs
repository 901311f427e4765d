namespace Microcosm.Kafka;

/// <summary>Commands as bytes: the format, the kind, then the command's own fields.</summary>
internal static class MetadataCommands
{
    /// <summary>Of all commands; another is not understood.</summary>
    public const byte Format = 1;

    // A kind's number is its place here. In the log for ever: add at the end.
    private static readonly (Type Type, FieldReader<IMetadataCommand> Read)[] Kinds =
    [
        (typeof(RegisterBroker), RegisterBroker.Read),
        (typeof(ChangeBroker), ChangeBroker.Read),
        (typeof(CreateTopics), CreateTopics.Read),
        (typeof(DeleteTopics), DeleteTopics.Read),
        (typeof(CreatePartitions), CreatePartitions.Read),
        (typeof(AlterPartition), AlterPartition.Read),
        (typeof(ElectLeaders), ElectLeaders.Read),
        (typeof(AlterReassignments), AlterReassignments.Read),
        (typeof(AlterConfigs), AlterConfigs.Read),
        (typeof(AlterAcls), AlterAcls.Read),
        (typeof(AlterScramCredentials), AlterScramCredentials.Read),
        (typeof(AlterClientQuotas), AlterClientQuotas.Read),
        (typeof(AllocateProducerIds), AllocateProducerIds.Read),
        (typeof(OfflineReplica), OfflineReplica.Read),
    ];

    public static ReadOnlyMemory<byte> Encode(IMetadataCommand command)
    {
        var writer = new MessageWriter(isFlexible: false);
        writer.WriteByte(Format);
        writer.WriteByte((byte)Array.FindIndex(Kinds, k => k.Type == command.GetType()));
        command.Write(writer);
        return writer.ToArray();
    }

    /// <summary>Throws <see cref="KafkaFormatException"/>.</summary>
    public static IMetadataCommand Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes, 0, isFlexible: false);
        if (reader.ReadByte() is var format && format != Format)
            throw new KafkaFormatException($"a command of format {format}, not {Format}");
        var command = Kinds[reader.ReadUpTo((byte)(Kinds.Length - 1))].Read(ref reader);
        reader.ReadEnd();
        return command;
    }
}
