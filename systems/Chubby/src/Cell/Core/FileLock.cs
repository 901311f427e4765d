using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>A file's lock. Invariant: it is free exactly if nobody holds it.</summary>
internal sealed class FileLock(string path)
{
    public string Path { get; } = path;

    public LockMode Mode { get; set; }

    /// <summary>Grows when it goes from free to held.</summary>
    public long Generation { get; set; }

    /// <summary>Until then (the cell's time) nobody new gets it: a holder was lost.</summary>
    public long DelayedUntilMs { get; set; }

    public SortedSet<(long Session, long Handle)> Holders { get; } = [];
}
