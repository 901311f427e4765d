namespace Microcosm.Http;

/// <summary>What becomes of a request that is counted while it is under way.</summary>
public enum ConnectionVerdict : byte
{
    /// <summary>It is counted, until its end is told.</summary>
    Counted,

    /// <summary>So many of its key are under way already.</summary>
    OverLimit,

    /// <summary>The zone is full of other keys.</summary>
    Full,
}
