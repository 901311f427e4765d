namespace Microcosm.Kafka;

/// <summary>
/// Moves partitions to other replicas (KIP-455). New replicas are added first; when all of them are in sync the old ones go.
/// </summary>
/// <param name="Partitions">With the replicas wanted; null: what is under way is cancelled.</param>
internal sealed record AlterReassignments(IReadOnlyList<(TopicPartition Partition, int[]? Replicas)> Partitions) : IMetadataCommand
{
    public void Write(MessageWriter writer) => writer.WriteList(Partitions, (w, p) =>
    {
        p.Partition.Write(w);
        w.WriteBool(p.Replicas is not null);
        if (p.Replicas is not null)
            w.WriteInts(p.Replicas);
    });

    public static AlterReassignments Read(ref MessageReader reader) =>
        new(reader.ReadList((ref r) => (TopicPartition.Read(ref r), r.ReadBool() ? r.ReadInts() : null)));

    public MetadataResult Apply(ClusterState state, long index) =>
        new MetadataResults([.. Partitions.Select(p => MetadataResult.Of(() =>
        {
            if (p.Replicas is null)
                Cancel(state, p.Partition);
            else
                Begin(state, p.Partition, p.Replicas);
        }))]);

    private static void Begin(ClusterState state, TopicPartition which, int[] target)
    {
        var topic = which.Find(state);
        Assignment.Check(state, target, null);
        var before = topic.Partitions[which.Partition];
        // One that is still being added counts as new also for the next reassignment.
        var settled = before.Replicas.Except(before.AddingReplicas);
        var removing = before.Replicas.Except(target).Order().ToArray();
        new PartitionChange(state, topic, which.Partition)
        {
            Replicas = [.. target, .. removing],
            Adding = [.. target.Except(settled).Order()],
            Removing = removing,
        }.Make();
    }

    private static void Cancel(ClusterState state, TopicPartition which)
    {
        var topic = which.Find(state);
        var before = topic.Partitions[which.Partition];
        if (!before.IsReassigning)
            throw new MetadataRefusal(KafkaError.NoReassignmentInProgress);
        var isr = before.Isr.Except(before.AddingReplicas).ToArray();
        var replicas = before.Replicas.Except(before.AddingReplicas).ToArray();
        if (isr.Length == 0 || replicas.Length == 0)
        {
            throw new MetadataRefusal(
                KafkaError.InvalidReplicaAssignment,
                $"Unable to revert partition assignment for {which.Topic}:{which.Partition} because it would require an unclean "
                + "leader election.");
        }
        new PartitionChange(state, topic, which.Partition) { Isr = isr, Replicas = replicas, Adding = [], Removing = [] }.Make();
    }
}
