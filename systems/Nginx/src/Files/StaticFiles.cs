using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Nginx;

/// <summary>The machine's files as nginx sees them: paths of bytes, errors by errno.</summary>
internal static unsafe class StaticFiles
{
    private const int PathBytesOnStack = 512;

    /// <summary>Looks at a path, links followed.</summary>
    public static FileFacts Look(ReadOnlySpan<byte> path) => Look(path, flags: 0);

    /// <summary>Looks at a path; of a link, at the link.</summary>
    public static FileFacts LookAtLink(ReadOnlySpan<byte> path) => Look(path, FileCalls.NoFollow);

    /// <summary>Opens a file or folder for reading, and looks at it; null with errno in the facts where that fails.</summary>
    public static OpenFile? Open(ReadOnlySpan<byte> path, out FileFacts facts)
    {
        Span<byte> name = path.Length < PathBytesOnStack ? stackalloc byte[path.Length + 1] : new byte[path.Length + 1];
        path.CopyTo(name);
        name[path.Length] = 0;
        int fd;
        fixed (byte* p = name)
            fd = FileCalls.OpenAt(FileCalls.CurrentFolder, p, FileCalls.NonBlocking | FileCalls.CloseOnExec, 0);
        if (fd >= 0)
            return Adopt(fd, out facts);
        facts = FileFacts.Failed(Marshal.GetLastPInvokeError());
        return null;
    }

    /// <summary>Looks at an open file, which is closed where that fails.</summary>
    public static OpenFile? Adopt(int fd, out FileFacts facts)
    {
        facts = Look(fd);
        if (facts.Exists)
            return new OpenFile(new SafeFileHandle(fd, ownsHandle: true));
        _ = FileCalls.Close(fd);
        return null;
    }

    /// <summary>Looks at an open file.</summary>
    public static FileFacts Look(int fd)
    {
        FileStatus status;
        byte empty = 0;
        return FileCalls.Status(fd, &empty, FileCalls.EmptyPath, FileCalls.BasicFacts, &status) == 0
            ? FileFacts.Of(status) : FileFacts.Failed(Marshal.GetLastPInvokeError());
    }

    /// <summary>The names in a folder, unsorted; null with errno.</summary>
    /// <param name="isHiddenToo">Also those that begin with a dot.</param>
    public static List<byte[]>? List(ReadOnlySpan<byte> path, out int errno, bool isHiddenToo = false)
    {
        errno = 0;
        nint folder;
        fixed (byte* p = (byte[])[.. path, 0])
            folder = FileCalls.OpenFolder(p);
        if (folder == 0)
        {
            errno = Marshal.GetLastPInvokeError();
            return null;
        }
        var names = new List<byte[]>();
        while (FileCalls.ReadFolder(folder) is not null and var record)
        {
            var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(record->Name);
            if (isHiddenToo ? !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8) : name is not [(byte)'.', ..])
                names.Add(name.ToArray());
        }
        _ = FileCalls.CloseFolder(folder);
        return names;
    }

    private static FileFacts Look(ReadOnlySpan<byte> path, int flags)
    {
        Span<byte> name = path.Length < PathBytesOnStack ? stackalloc byte[path.Length + 1] : new byte[path.Length + 1];
        path.CopyTo(name);
        name[path.Length] = 0;
        FileStatus status;
        fixed (byte* p = name)
        {
            return FileCalls.Status(FileCalls.CurrentFolder, p, flags, FileCalls.BasicFacts, &status) == 0
                ? FileFacts.Of(status) : FileFacts.Failed(Marshal.GetLastPInvokeError());
        }
    }
}
