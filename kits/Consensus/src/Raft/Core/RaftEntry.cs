namespace Microcosm.Consensus;

/// <summary>An entry of the log. Index and term name it: no other entry of the group ever has both (paper 5.3).</summary>
/// <param name="Index">Place in the log, from 1.</param>
/// <param name="Term">Term of the leader that made it.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Data">Payload; not to be changed by anyone.</param>
internal readonly record struct RaftEntry(long Index, long Term, EntryKind Kind, ReadOnlyMemory<byte> Data)
{
    /// <summary>What it counts against limits in bytes: the payload, and a little for an empty one.</summary>
    public int Bytes => Data.Length + 16;
}
