namespace Microcosm.Runtime;

/// <summary>
/// A node's disk: files below one root, named with forward slashes (<c>appendonlydir/base.rdb</c>); folders come into being with
/// their files. Writes go to the page cache at once; they are durable only after <see cref="IDiskFile.SyncAsync"/>, and a file's name
/// (creation, rename, deletion) only after <see cref="SyncNamesAsync"/>. Errors are <see cref="IOException"/>s, as the file system gives
/// them.
/// </summary>
public interface IDisk
{
    /// <summary>Opens a file for reading and writing. Throws <see cref="FileNotFoundException"/> with <see
    /// cref="DiskOpen.Existing"/>.</summary>
    IDiskFile Open(string path, DiskOpen mode);

    /// <summary>True if the file exists.</summary>
    bool Exists(string path);

    /// <summary>Paths of all files whose path starts with <paramref name="prefix"/>, in ordinal order.</summary>
    IReadOnlyList<string> List(string prefix);

    /// <summary>Renames, replacing the target in one step.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file; nothing happens if there is none.</summary>
    void Delete(string path);

    /// <summary>Makes creations, renames and deletions durable (fsync of the folders).</summary>
    ValueTask SyncNamesAsync(CancellationToken cancellation = default);
}
