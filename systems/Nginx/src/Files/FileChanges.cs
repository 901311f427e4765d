using System.Runtime.InteropServices;

namespace Microcosm.Nginx;

/// <summary>Changes of the machine's files. All give errno, 0 for done.</summary>
internal static unsafe class FileChanges
{
    private const int PieceBytes = 64 * 1024;

    public static int Rename(byte[] from, byte[] to)
    {
        fixed (byte* f = Terminated(from), t = Terminated(to))
            return Result(FileCalls.Rename(f, t));
    }

    public static int Delete(byte[] path)
    {
        fixed (byte* p = Terminated(path))
            return Result(FileCalls.Unlink(p));
    }

    public static int MakeFolder(byte[] path, int access)
    {
        fixed (byte* p = Terminated(path))
            return Result(FileCalls.MakeFolder(p, (uint)access));
    }

    public static int RemoveFolder(byte[] path)
    {
        fixed (byte* p = Terminated(path))
            return Result(FileCalls.RemoveFolder(p));
    }

    public static int SetAccess(byte[] path, int access)
    {
        fixed (byte* p = Terminated(path))
            return Result(FileCalls.ChangeMode(p, (uint)access));
    }

    public static int SetTime(byte[] path, long seconds)
    {
        var times = stackalloc long[4] { seconds, 0, seconds, 0 };
        fixed (byte* p = Terminated(path))
            return Result(FileCalls.ChangeTimes(FileCalls.CurrentFolder, p, times, 0));
    }

    /// <summary>The folders above a path that are not there.</summary>
    public static int MakeFoldersOf(byte[] path, int access)
    {
        for (var i = 1; i < path.Length; i++)
        {
            if (path[i] == '/' && MakeFolder(path[..i], access) is not (0 or FileFacts.IsThere or FileFacts.NoAccess) and var errno)
                return errno;
        }
        return 0;
    }

    /// <summary>A copy with the same time; what was there is overwritten.</summary>
    public static int Copy(byte[] from, byte[] to, FileFacts facts)
    {
        if (StaticFiles.Open(from, out var opened) is not { } source)
            return opened.Errno;
        try
        {
            int fd;
            fixed (byte* p = Terminated(to))
            {
                fd = FileCalls.OpenAt(FileCalls.CurrentFolder, p,
                    FileCalls.WriteOnly | FileCalls.Create | FileCalls.Truncate | FileCalls.CloseOnExec, facts.Access);
            }
            if (fd < 0)
                return Marshal.GetLastPInvokeError();
            using (var target = new Microsoft.Win32.SafeHandles.SafeFileHandle(fd, ownsHandle: true))
            {
                var buffer = new byte[PieceBytes];
                var offset = 0L;
                while (source.Read(offset, buffer) is var read && read > 0)
                {
                    RandomAccess.Write(target, buffer.AsSpan(0, read), offset);
                    offset += read;
                }
            }
            return SetTime(to, facts.ModifiedSeconds);
        }
        catch (IOException e)
        {
            return e.HResult & 0xffff;
        }
        finally
        {
            source.Release();
        }
    }

    private static byte[] Terminated(byte[] path) => [.. path, 0];

    private static int Result(int value) => value == 0 ? 0 : Marshal.GetLastPInvokeError();
}
