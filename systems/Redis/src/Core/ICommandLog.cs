namespace Microcosm.Redis;

/// <summary>Takes every command that changed something, in order: the append-only file, replicas.</summary>
internal interface ICommandLog
{
    /// <summary>Appends one command. Nothing is on the disk before the turn ends.</summary>
    void Append(int db, ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgSlice> slices);
}
