#pragma warning disable RS0030 // This is the shell that meets the file system.
using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary>Files under a folder of this machine.</summary>
public sealed partial class RealDisk : IDisk
{
    private readonly string _root;
    private readonly Lock _gate = new();

    // Folders in which names changed since the last sync; null before the first one, which covers what earlier processes left.
    private HashSet<string>? _changed;

    public RealDisk(string root)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        Directory.CreateDirectory(_root);
    }

    /// <inheritdoc/>
    public IDiskFile Open(string path, DiskOpen mode)
    {
        var full = Full(path);
        if (mode != DiskOpen.Existing && !File.Exists(full))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            Changed(full);
        }
        var fileMode = mode switch
        {
            DiskOpen.Existing => FileMode.Open,
            DiskOpen.OrCreate => FileMode.OpenOrCreate,
            _ => FileMode.Create,
        };
        return new RealFile(full, fileMode);
    }

    /// <inheritdoc/>
    public bool Exists(string path) => File.Exists(Full(path));

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string prefix)
    {
        // Only what can be below the prefix is looked through.
        var below = prefix.LastIndexOf('/') is > 0 and var slash && !prefix.Contains("..") ? Path.Combine(_root, prefix[..slash]) : _root;
        if (!Directory.Exists(below))
            return [];
        var found = Directory.EnumerateFiles(below, "*", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(_root, f).Replace('\\', '/'))
            .Where(f => f.StartsWith(prefix, StringComparison.Ordinal))
            .ToList();
        found.Sort(StringComparer.Ordinal);
        return found;
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        var (source, target) = (Full(from), Full(to));
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(source, target, overwrite: true);
        Changed(source);
        Changed(target);
    }

    /// <inheritdoc/>
    public void Delete(string path)
    {
        var full = Full(path);
        if (!File.Exists(full))
            return;
        File.Delete(full);
        Changed(full);
    }

    /// <inheritdoc/>
    public ValueTask SyncNamesAsync(CancellationToken cancellation = default)
    {
        if (OperatingSystem.IsWindows())
            return ValueTask.CompletedTask;
        HashSet<string>? changed;
        lock (_gate)
        {
            changed = _changed;
            _changed = [];
        }
        try
        {
            foreach (var folder in changed ?? [_root, .. Directory.EnumerateDirectories(_root, "*", SearchOption.AllDirectories)])
                SyncFolder(folder);
        }
        catch
        {
            // Nobody knows what is durable: the next sync covers all again.
            lock (_gate)
                _changed = null;
            throw;
        }
        return ValueTask.CompletedTask;
    }

    // The folder of a name, and those above it, which may be new themselves.
    private void Changed(string full)
    {
        lock (_gate)
        {
            for (var folder = Path.GetDirectoryName(full)!; _changed is not null && folder.Length >= _root.Length
                && _changed.Add(folder) && folder != _root;)
                folder = Path.GetDirectoryName(folder)!;
        }
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
