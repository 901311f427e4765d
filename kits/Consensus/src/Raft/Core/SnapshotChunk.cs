namespace Microcosm.Consensus;

/// <summary>
/// A part of a snapshot from the leader. At offset 0 a new file begins. With the last part the snapshot takes the place of the log and of
/// the state machine: both are durable before the ready that has it is reported as persisted.
/// </summary>
internal readonly record struct SnapshotChunk(SnapshotMeta Meta, long Offset, ReadOnlyMemory<byte> Data, bool IsLast);
