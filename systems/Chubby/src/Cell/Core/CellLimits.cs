using Microcosm.Runtime;

namespace Microcosm.Chubby.Cell;

/// <summary>Limits of Chubby's own API, all in one place.</summary>
internal static class CellLimits
{
    /// <summary>The paper's: 256 kB.</summary>
    [Limit("FileBytesMax")]
    public const int FileBytesMax = 256 * 1024;

    /// <summary>The paper's: one minute.</summary>
    [Limit("LockDelayMsMax")]
    public const int LockDelayMsMax = 60_000;

    [Limit("PathCharsMax")]
    public const int PathCharsMax = 1024;

    [Limit("HandlesMax")]
    public const int HandlesMax = 10_000;

    [Limit("AclEntriesMax")]
    public const int AclEntriesMax = 64;

    /// <summary>A frame without its length.</summary>
    [Limit("FrameBytesMax")]
    public const int FrameBytesMax = FileBytesMax + 16 * 1024;

    /// <summary>Calls of a connection that are under way.</summary>
    [Limit("CallsMax")]
    public const int CallsMax = 1_000;

    /// <summary>Events that a session has not acknowledged; one that falls so far behind is told to look at everything again.</summary>
    [Limit("EventsMax")]
    public const int EventsMax = 10_000;
}
