using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Microcosm.Nginx;

#pragma warning disable RS0030 // the program is no node of a world: its files, names and streams are the machine's

/// <summary>The machine that the program runs on.</summary>
internal sealed partial class ProgramMachine : IProgramMachine
{
    private const int GetDescriptorFlags = 1;

    private readonly Stream _output = IsInherited(1) ? Console.OpenStandardOutput() : Stream.Null;
    private readonly Stream _error = IsInherited(2) ? Console.OpenStandardError() : Stream.Null;

    /// <inheritdoc/>
    public string CurrentFolder => ToText(Directory.GetCurrentDirectory()).TrimEnd('/') + "/";

    /// <inheritdoc/>
    public int ProcessId => Environment.ProcessId;

    /// <inheritdoc/>
    public string HostName => Latin1.Lower(Dns.GetHostName());

    /// <inheritdoc/>
    public bool IsPrivileged => Environment.IsPrivilegedProcess;

    /// <inheritdoc/>
    public byte[] Read(string path) => Do(() => File.ReadAllBytes(ToPath(path)));

    /// <inheritdoc/>
    public IReadOnlyList<string> Match(string pattern) => GlobPattern.Expand(pattern, ListFolder);

    /// <inheritdoc/>
    public IReadOnlyList<IPAddress> Resolve(string name)
    {
        try
        {
            return Dns.GetHostAddresses(name);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            return [];
        }
    }

    /// <inheritdoc/>
    public void WriteOutput(ReadOnlySpan<byte> bytes) => _output.Write(bytes);

    /// <inheritdoc/>
    public void WriteError(ReadOnlySpan<byte> bytes) => _error.Write(bytes);

    /// <inheritdoc/>
    public void Touch(string path) => Append(path, []);

    /// <inheritdoc/>
    public void Append(string path, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        Do(() =>
        {
            using var file = new FileStream(ToPath(path), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            file.Write(copy);
            return 0;
        });
    }

    /// <inheritdoc/>
    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        Do(() =>
        {
            File.WriteAllBytes(ToPath(path), copy);
            return 0;
        });
    }

    /// <inheritdoc/>
    public void Delete(string path) => Do(() =>
    {
        File.Delete(ToPath(path));
        return 0;
    });

    /// <inheritdoc/>
    public void Rename(string path, string to) => Do(() =>
    {
        File.Move(ToPath(path), ToPath(to), overwrite: true);
        return 0;
    });

    /// <inheritdoc/>
    public void MakeFolder(string path) => Do(() =>
    {
        var folder = ToPath(path);
        if (!Directory.Exists(Path.GetDirectoryName(folder)))
            throw new DirectoryNotFoundException();
        return Directory.CreateDirectory(folder);
    });

    /// <inheritdoc/>
    public int Kill(int processId, int signal) => SendSignal(processId, signal) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>errno's text as strerror has it, for the few that commands meet.</summary>
    public static string TextOf(int errno) => errno switch
    {
        1 => "Operation not permitted",
        2 => "No such file or directory",
        3 => "No such process",
        13 => "Permission denied",
        17 => "File exists",
        20 => "Not a directory",
        21 => "Is a directory",
        22 => "Invalid argument",
        24 => "Too many open files",
        28 => "No space left on device",
        30 => "Read-only file system",
        36 => "File name too long",
        _ => Marshal.GetPInvokeErrorMessage(errno),
    };

    // Where a stream was closed, its number may by now be that of a file of the runtime, which it opens for itself only (FD_CLOEXEC).
    private static bool IsInherited(int descriptor) => !OperatingSystem.IsLinux() || Control(descriptor, GetDescriptorFlags) == 0;

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int processId, int signal);

    private static string ToPath(string text) => Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text));

    private static string ToText(string path) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(path));

    private static IEnumerable<string> ListFolder(string folder)
    {
        var path = ToPath(folder);
        return Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path).Select(e => ToText(Path.GetFileName(e))) : [];
    }

    private static T Do<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var errno = e switch
            {
                FileNotFoundException or DirectoryNotFoundException => 2,
                PathTooLongException => 36,
                UnauthorizedAccessException when e.Message.Contains("directory", StringComparison.Ordinal) => 21,
                UnauthorizedAccessException => 13,
                _ => e.HResult & 0xFFFF,
            };
            throw new ConfigurationFileException(errno, TextOf(errno));
        }
    }
}
