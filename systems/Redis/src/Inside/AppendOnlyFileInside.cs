namespace Microcosm.Redis;

/// <summary>Where the append-only file stands.</summary>
/// <param name="WrittenBytes">Handed to the disk since the start.</param>
/// <param name="SyncedBytes">Of those, safe on the disk.</param>
/// <param name="WaitingTurns">Turns whose replies wait for the sync.</param>
internal sealed record AppendOnlyFileInside(long WrittenBytes, long SyncedBytes, int WaitingTurns);
