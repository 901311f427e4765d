namespace Microcosm.Specimen;

/// <summary>What was found at the front of the input.</summary>
internal enum LineParse
{
    /// <summary>Not yet a whole line.</summary>
    NeedMore,

    /// <summary>A line.</summary>
    Line,

    /// <summary>More bytes than a line may have.</summary>
    TooLong,

    /// <summary>A line that is no UTF-8 or has characters that are none of text.</summary>
    NotText,
}
