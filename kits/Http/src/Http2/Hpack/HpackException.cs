namespace Microcosm.Http;

/// <summary>A header block that cannot be decoded: the connection is lost (COMPRESSION_ERROR), since both tables differ from now
/// on.</summary>
public sealed class HpackException(string message) : Exception(message);
