namespace Microcosm.Http;

/// <summary>What a <see cref="ChunkDecoder"/> found.</summary>
internal enum ChunkResult : byte
{
    /// <summary>All was taken; more is to come.</summary>
    NeedMore,

    /// <summary>A piece of the body.</summary>
    Data,

    /// <summary>The last chunk has come: trailers follow, up to an empty line.</summary>
    Trailers,

    /// <summary>The body is over.</summary>
    Done,

    /// <summary>Not in this coding.</summary>
    Invalid,
}
