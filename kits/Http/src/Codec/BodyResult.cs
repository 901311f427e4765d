namespace Microcosm.Http;

/// <summary>What a <see cref="BodyReader"/> found.</summary>
internal enum BodyResult : byte
{
    /// <summary>More is to come; what is left in the input is shown again with it.</summary>
    NeedMore,

    /// <summary>A piece of the body.</summary>
    Data,

    /// <summary>The body is over, trailers included.</summary>
    Done,

    /// <summary>Not in the coding that it says it has.</summary>
    Invalid,
}
