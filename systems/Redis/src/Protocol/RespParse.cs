namespace Microcosm.Redis;

/// <summary>What the reader found at the front of the input.</summary>
internal enum RespParse
{
    /// <summary>A whole command; its arguments are in the reader.</summary>
    Command,

    /// <summary>An empty line or <c>*0</c>: nothing to do.</summary>
    Nothing,

    /// <summary>Not yet whole.</summary>
    NeedMore,

    /// <summary>Not the protocol: answer <see cref="RespReader.Error"/>, then close.</summary>
    Fault,
}
