namespace Microcosm.Http;

/// <summary>What is to become of a request's body.</summary>
internal enum BodyWish : byte
{
    /// <summary>Not said yet: it waits.</summary>
    None,

    /// <summary>It goes to the handler.</summary>
    Read,

    /// <summary>It is read away.</summary>
    Discard,
}
