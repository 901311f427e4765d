using Microcosm.Consensus;
using Microcosm.Runtime;

namespace Microcosm.Kafka;

/// <summary>
/// The cluster's metadata as a replicated machine; each broker's is its image of the cluster. Invariants: those of
/// <see cref="ClusterState"/>; a refused command changes nothing; equal logs give equal states.
/// </summary>
internal sealed class MetadataMachine : IReplicatedMachine
{
    public ClusterState State { get; } = new();

    /// <summary>Index of the command that was applied last; -1 before the first.</summary>
    public long AppliedIndex { get; private set; } = -1;

    /// <summary>Raised after a command or snapshot that changed something, in the same turn.</summary>
    public event Action<MetadataChange>? Changed;

    /// <summary>Gives a <see cref="MetadataResult"/>. Bytes that are no command are refused alike on all members.</summary>
    public object? Apply(long index, ReadOnlyMemory<byte> command)
    {
        Invariant.Check(index > AppliedIndex, "commands come in the log's order");
        AppliedIndex = index;
        MetadataResult result;
        try
        {
            result = MetadataCommands.Decode(command).Apply(State, index);
        }
        catch (MetadataRefusal refusal)
        {
            result = new MetadataResult(refusal.Error, refusal.Text);
            Invariant.Check(State.Change.IsEmpty, "a refused command changes nothing");
        }
        catch (KafkaFormatException e)
        {
            result = new MetadataResult(KafkaError.InvalidRequest, e.Message);
        }
        Tell();
        return result;
    }

    public ReadOnlyMemory<byte> Save()
    {
        var writer = new MessageWriter(isFlexible: false);
        writer.WriteInt64(AppliedIndex);
        ClusterStateCodec.Save(State, writer);
        return writer.ToArray();
    }

    public void Restore(ReadOnlyMemory<byte> state)
    {
        var reader = new MessageReader(state, 0, isFlexible: false);
        AppliedIndex = reader.ReadInt64();
        ClusterStateCodec.Restore(State, ref reader);
        State.Change.IsEverything = true;
        Tell();
    }

    private void Tell()
    {
        var change = State.TakeChange();
        if (!change.IsEmpty)
            Changed?.Invoke(change);
    }
}
