namespace Microcosm.Http;

/// <summary>Flags of frames; which have a meaning depends on the kind.</summary>
[Flags]
internal enum Http2Flags : byte
{
    None = 0,

    /// <summary>Of DATA and HEADERS: the last of its direction.</summary>
    EndStream = 1,

    /// <summary>Of SETTINGS and PING.</summary>
    Ack = 1,

    /// <summary>Of HEADERS and CONTINUATION: the block is whole.</summary>
    EndHeaders = 4,

    /// <summary>Of DATA and HEADERS: a length of padding comes first.</summary>
    Padded = 8,

    /// <summary>Of HEADERS: five bytes of priority come before the block.</summary>
    Priority = 0x20,
}
