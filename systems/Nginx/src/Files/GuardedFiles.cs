using System.Runtime.InteropServices;

namespace Microcosm.Nginx;

/// <summary>Opens paths name by name, so that no symbolic link is followed that is not allowed (<c>disable_symlinks</c>).</summary>
internal static unsafe class GuardedFiles
{
    private const int SearchFlags = FileCalls.PathOnly | FileCalls.NonBlocking | FileCalls.CloseOnExec;
    private const int ReadFlags = FileCalls.NonBlocking | FileCalls.CloseOnExec;

    /// <summary>As <see cref="StaticFiles.Open"/>; a link that is refused is one link too many.</summary>
    public static OpenFile? Open(ReadOnlySpan<byte> path, LinkRule rule, out FileFacts facts)
    {
        var (fd, errno) = Walk(path, rule);
        if (fd >= 0)
            return StaticFiles.Adopt(fd, out facts);
        facts = FileFacts.Failed(errno);
        return null;
    }

    private static (int Fd, int Errno) Walk(ReadOnlySpan<byte> path, LinkRule rule)
    {
        var rest = path;
        var folder = FileCalls.CurrentFolder;
        if (rule.From > 0 || path is [(byte)'/', ..])
        {
            var start = Math.Max(1, rule.From);
            folder = At(FileCalls.CurrentFolder, path[..start], SearchFlags);
            if (folder < 0)
                return (-1, Marshal.GetLastPInvokeError());
            rest = path[start..];
        }
        rest = rest.TrimStart((byte)'/');
        while (rest.IndexOf((byte)'/') is >= 0 and var end)
        {
            var (next, errno) = Step(folder, rest[..end], SearchFlags, rule.Check);
            Close(folder);
            if (next < 0)
                return (-1, errno);
            folder = next;
            rest = rest[end..].TrimStart((byte)'/');
        }
        // Behind a slash: the folder itself.
        var (last, error) = rest.IsEmpty ? Result(At(folder, "."u8, ReadFlags)) : Step(folder, rest, ReadFlags, rule.Check);
        Close(folder);
        return (last, error);
    }

    private static (int Fd, int Errno) Step(int folder, ReadOnlySpan<byte> name, int flags, SymlinkCheck check)
    {
        // Of a link on the way the link itself is opened, and that is no folder for the next step.
        if (check == SymlinkCheck.On)
            return Result(At(folder, name, flags | FileCalls.NoLink));
        var (fd, error) = Result(At(folder, name, flags));
        if (fd < 0)
            return (-1, error);
        // Whether it was a link that was followed nobody knows, so owners are compared in any case.
        if (StaticFiles.Look(fd).Owner == LookAt(folder, name).Owner)
            return (fd, 0);
        Close(fd);
        return (-1, FileFacts.TooManyLinks);
    }

    private static FileFacts LookAt(int folder, ReadOnlySpan<byte> name)
    {
        FileStatus status;
        fixed (byte* p = (byte[])[.. name, 0])
        {
            return FileCalls.Status(folder, p, FileCalls.NoFollow, FileCalls.BasicFacts, &status) == 0
                ? FileFacts.Of(status) : FileFacts.Failed(Marshal.GetLastPInvokeError());
        }
    }

    private static int At(int folder, ReadOnlySpan<byte> name, int flags)
    {
        fixed (byte* p = (byte[])[.. name, 0])
            return FileCalls.OpenAt(folder, p, flags, 0);
    }

    private static (int Fd, int Errno) Result(int fd) => (fd, fd < 0 ? Marshal.GetLastPInvokeError() : 0);

    private static void Close(int fd)
    {
        if (fd >= 0)
            _ = FileCalls.Close(fd);
    }
}
