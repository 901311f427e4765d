using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>What became of a change of Chubby's own API.</summary>
internal sealed record CellReply(ChubbyError Error)
{
    public static CellReply Ok { get; } = new(ChubbyError.Ok);

    public FileStat Stat { get; init; }

    /// <summary>Open: it made the file.</summary>
    public bool IsNew { get; init; }

    /// <summary>Acquire: the lock's generation.</summary>
    public long Generation { get; init; }

    /// <summary>Acquire, refused by a lock-delay: what is left of it.</summary>
    public long WaitMs { get; init; }
}
