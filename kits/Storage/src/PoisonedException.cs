namespace Microcosm.Storage;

/// <summary>
/// A write or sync failed, so nobody knows what of the unsynced bytes is on the disk. A second sync that succeeds proves nothing
/// (Rebello et al., ATC 2020). Only opening from the disk again tells.
/// </summary>
public sealed class PoisonedException(string path, Exception cause)
    : IOException($"{path}: a write or sync failed ({cause.Message}). Open it again from the disk to go on.", cause);
