#pragma warning disable RS0030 // what nginx serves are the machine's files
using System.Text;

namespace Microcosm.Nginx;

/// <summary>The machine's files as nginx sees them: paths of bytes, errors by errno.</summary>
internal static class StaticFiles
{
    /// <summary>Looks at a path, links followed.</summary>
    public static FileFacts Look(ReadOnlySpan<byte> path)
    {
        var name = Encoding.UTF8.GetString(path);
        try
        {
            FileSystemInfo info = new FileInfo(name);
            if (!info.Exists)
                info = new DirectoryInfo(name);
            if (info.Exists && info.LinkTarget is not null)
                info = info.ResolveLinkTarget(returnFinalTarget: true) ?? info;
            if (!info.Exists)
                return new FileFacts(ErrnoOfMissing(name), false, 0, 0);
            var isFolder = (info.Attributes & FileAttributes.Directory) != 0;
            // A path that ends with a slash names a folder.
            if (!isFolder && path[^1] == '/')
                return new FileFacts(FileFacts.NotAFolder, false, 0, 0);
            return new FileFacts(
                0, isFolder, isFolder ? 0 : ((FileInfo)info).Length, new DateTimeOffset(info.LastWriteTimeUtc).ToUnixTimeSeconds());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new FileFacts(ErrnoOf(e), false, 0, 0);
        }
    }

    /// <summary>Opens a file; null with errno where that fails.</summary>
    public static OpenFile? Open(ReadOnlySpan<byte> path, out int errno)
    {
        errno = 0;
        try
        {
            return new OpenFile(File.OpenHandle(Encoding.UTF8.GetString(path), FileMode.Open, FileAccess.Read,
                FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errno = ErrnoOf(e);
            return null;
        }
    }

    /// <summary>True where somebody may execute it.</summary>
    public static bool IsExecutable(ReadOnlySpan<byte> path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(Encoding.UTF8.GetString(path))
            & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    // A file where a folder should be on the way is another error than nothing at all.
    private static int ErrnoOfMissing(string name)
    {
        if (name.Length > 4095 || name.Split('/').Any(s => s.Length > 255))
            return FileFacts.NameTooLong;
        for (var folder = Path.GetDirectoryName(name.TrimEnd('/')); !string.IsNullOrEmpty(folder); folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(folder))
                return FileFacts.NotAFolder;
            if (Directory.Exists(folder))
                return FileFacts.NotFound;
        }
        return FileFacts.NotFound;
    }

    private static int ErrnoOf(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => FileFacts.NotFound,
        PathTooLongException => FileFacts.NameTooLong,
        UnauthorizedAccessException => FileFacts.NoAccess,
        _ => e.HResult & 0xffff,
    };
}
