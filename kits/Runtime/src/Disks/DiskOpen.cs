namespace Microcosm.Runtime;

/// <summary>What to do about a file that exists or does not.</summary>
public enum DiskOpen
{
    /// <summary>The file must exist.</summary>
    Existing,

    /// <summary>Made when there is none.</summary>
    OrCreate,

    /// <summary>Emptied when there is one.</summary>
    Truncate,
}
