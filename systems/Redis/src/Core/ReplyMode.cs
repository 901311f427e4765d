namespace Microcosm.Redis;

/// <summary>CLIENT REPLY.</summary>
internal enum ReplyMode
{
    On,
    Off,

    /// <summary>The next command's reply is dropped.</summary>
    SkipNext,
}
