namespace Microcosm.Runtime;

/// <summary>An error of a file system, as Linux numbers and words it (errno.h, strerror).</summary>
/// <param name="Name">For example <c>ENOSPC</c>.</param>
/// <param name="Number">Its errno; .NET has it as the exception's <see cref="Exception.HResult"/>.</param>
/// <param name="Text">What strerror says.</param>
public sealed record DiskError(string Name, int Number, string Text)
{
    /// <summary>A device or medium failed.</summary>
    public static DiskError Io { get; } = new("EIO", 5, "Input/output error");

    /// <summary>The disk is full.</summary>
    public static DiskError NoSpace { get; } = new("ENOSPC", 28, "No space left on device");

    /// <summary>The errors that a fault rule can name.</summary>
    public static IReadOnlyList<DiskError> All { get; } =
    [
        Io, NoSpace, new("EMFILE", 24, "Too many open files"), new("EROFS", 30, "Read-only file system"),
        new("EDQUOT", 122, "Disk quota exceeded"),
    ];

    /// <summary>The error of that name, or null.</summary>
    public static DiskError? Find(string name) => All.FirstOrDefault(e => e.Name == name);

    /// <summary>What strerror would say of an exception: the message without the path that .NET adds.</summary>
    public static string TextOf(IOException exception) =>
        All.FirstOrDefault(e => e.Number == exception.HResult)?.Text
        ?? (exception is FileNotFoundException or DirectoryNotFoundException ? "No such file or directory" : exception.Message);

    /// <summary>The exception that .NET throws on Linux when an operation on a file ends with this error.</summary>
    public IOException At(string path) => new($"{Text} : '{path}'", Number);
}
