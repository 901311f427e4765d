namespace Microcosm.Http;

/// <summary>A header block that cannot be decoded: the connection is lost (COMPRESSION_ERROR), since both tables differ from now
/// on.</summary>
internal sealed class HpackException(HpackFault fault, string message, int number = 0) : Exception(message)
{
    /// <summary>What is wrong.</summary>
    public HpackFault Fault => fault;

    /// <summary>The index, or the size of the table.</summary>
    public int Number => number;

    /// <summary>The block ends too early; nginx takes that for a wrong length of its frame.</summary>
    public bool IsCutOff => fault == HpackFault.CutOff;
}
