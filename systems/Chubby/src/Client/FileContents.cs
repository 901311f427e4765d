namespace Microcosm.Chubby.Client;

/// <summary>A file's contents, whole, and its stat, of one moment.</summary>
/// <param name="Bytes">The contents.</param>
/// <param name="Stat">The stat.</param>
public sealed record FileContents(ReadOnlyMemory<byte> Bytes, FileStat Stat);
