using Microcosm.Chubby.Client;

namespace Microcosm.Chubby.Cell;

/// <summary>A session's open file. The number is the client's own, so that an Open sent twice opens once.</summary>
internal sealed class FileHandle(long session, long id, string path)
{
    public long Session { get; } = session;

    public long Id { get; } = id;

    public string Path { get; } = path;

    /// <summary>Of the file it was opened on.</summary>
    public required long Instance { get; init; }

    public required FileModes Modes { get; init; }

    public required ChubbyEvents Events { get; init; }

    /// <summary>For how long nobody else gets the lock if this holder is lost.</summary>
    public required int LockDelayMs { get; init; }

    /// <summary>Under which all further calls stand, or null.</summary>
    public Sequencer? Sequencer { get; set; }

    public (long Session, long Id) Key => (Session, Id);
}
