namespace Microcosm.Chubby.Client;

/// <summary>What a handle is for, and how its file is made if it is not there. Access is judged once, at Open (OSDI'06 2.2).</summary>
[Flags]
public enum FileModes
{
    /// <summary>Nothing but to be told of events.</summary>
    None = 0,

    /// <summary>Contents and stat.</summary>
    Read = 1,

    /// <summary>Contents, deletion, locks.</summary>
    Write = 2,

    /// <summary>The ACL.</summary>
    ChangeAcl = 4,

    /// <summary>Make the file if there is none.</summary>
    Create = 8,

    /// <summary>With <see cref="Create"/>: there must be none.</summary>
    Exclusive = 16,

    /// <summary>With <see cref="Create"/>: it goes when nobody has it open any more.</summary>
    Ephemeral = 32,

    /// <summary>With <see cref="Create"/>: a directory, which has no contents.</summary>
    Directory = 64,
}
