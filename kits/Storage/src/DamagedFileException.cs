namespace Microcosm.Storage;

/// <summary>
/// A file does not hold what was written to it: not a torn tail, which recovery cuts, but a loss of what had been synced. Nothing was
/// changed on the disk.
/// </summary>
public sealed class DamagedFileException(string path, long position, string what)
    : Exception($"{path} is damaged at byte {position}: {what}. Nothing was changed.")
{
    /// <summary>The file on the node's disk.</summary>
    public string Path { get; } = path;

    /// <summary>Where in the file, in bytes.</summary>
    public long Position { get; } = position;
}
