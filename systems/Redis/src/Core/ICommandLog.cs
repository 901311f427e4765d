namespace Microcosm.Redis;

/// <summary>Takes every command that changed something, in order: the append-only file, replicas.</summary>
internal interface ICommandLog
{
    /// <summary>Appends one command. Nothing is on the disk before <see cref="CommitAsync"/>.</summary>
    void Append(int db, ReadOnlySpan<byte> bytes, ReadOnlySpan<ArgSlice> slices);

    /// <summary>
    /// Ends a turn: writes what was appended. The replies of this turn may leave when the returned task completes: at once, or after the
    /// sync under <c>appendfsync always</c>.
    /// </summary>
    ValueTask CommitAsync();
}
