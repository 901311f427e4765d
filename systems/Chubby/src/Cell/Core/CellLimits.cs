namespace Microcosm.Chubby.Cell;

/// <summary>Limits of Chubby's own API, all in one place.</summary>
internal static class CellLimits
{
    /// <summary>The paper's: 256 kB.</summary>
    public const int FileBytesMax = 256 * 1024;

    /// <summary>The paper's: one minute.</summary>
    public const int LockDelayMsMax = 60_000;

    public const int PathCharsMax = 1024;

    public const int HandlesMax = 10_000;

    public const int AclEntriesMax = 64;

    /// <summary>A frame without its length.</summary>
    public const int FrameBytesMax = FileBytesMax + 16 * 1024;

    /// <summary>Calls of a connection that are under way.</summary>
    public const int CallsMax = 1_000;

    /// <summary>Events that a session has not acknowledged; one that falls so far behind is told to look at everything again.</summary>
    public const int EventsMax = 10_000;
}
