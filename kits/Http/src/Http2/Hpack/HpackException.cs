namespace Microcosm.Http;

/// <summary>A header block that cannot be decoded: the connection is lost (COMPRESSION_ERROR), since both tables differ from now
/// on.</summary>
public sealed class HpackException(string message, bool isCutOff = false) : Exception(message)
{
    /// <summary>The block ends too early; nginx takes that for a wrong length of its frame.</summary>
    public bool IsCutOff => isCutOff;
}
