#pragma warning disable RS0030 // This is the shell that meets the file system.
using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary>Files under a folder of this machine.</summary>
public sealed partial class RealDisk : IDisk
{
    private readonly string _root;

    public RealDisk(string root)
    {
        _root = Path.GetFullPath(root);
        Directory.CreateDirectory(_root);
    }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpen mode)
    {
        var full = Full(path);
        if (mode != DiskOpen.Existing)
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        var fileMode = mode switch
        {
            DiskOpen.Existing => FileMode.Open,
            DiskOpen.OrCreate => FileMode.OpenOrCreate,
            _ => FileMode.Create,
        };
        return new RealFile(File.OpenHandle(full, fileMode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));
    }

    /// <inheritdoc/>
    public bool Exists(string path) => File.Exists(Full(path));

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string prefix)
    {
        var found = Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(_root, f).Replace('\\', '/'))
            .Where(f => f.StartsWith(prefix, StringComparison.Ordinal))
            .ToList();
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        var target = Full(to);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(Full(from), target, overwrite: true);
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        if (Exists(path))
            File.Delete(Full(path));
    }

    /// <inheritdoc/>
    public ValueTask SyncNamesAsync(CancellationToken cancellation = default)
    {
        if (OperatingSystem.IsWindows())
            return ValueTask.CompletedTask;
        SyncFolder(_root);
        foreach (var folder in Directory.EnumerateDirectories(_root, "*", SearchOption.AllDirectories))
            SyncFolder(folder);
        return ValueTask.CompletedTask;
    }

    private string Full(string path)
    {
        DiskPaths.Check(path);
        return Path.Combine(_root, path);
    }

    // .NET opens no folders, so that is done by hand.
    private static void SyncFolder(string folder)
    {
        var fd = OpenFolder(folder, 0);
        if (fd < 0)
            throw Error(folder);
        var result = SyncFile(fd);
        var error = result < 0 ? Error(folder) : null;
        CloseFile(fd);
        if (error is not null)
            throw error;
    }

    // As .NET words the errors of files.
    private static IOException Error(string folder) =>
        new($"{Marshal.GetLastPInvokeErrorMessage()} : '{folder}'", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncFile(int fd);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int fd);
}
