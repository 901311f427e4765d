namespace Microcosm.Nginx;

/// <summary>What the file system says of a path.</summary>
/// <param name="Errno">0 where it is there.</param>
/// <param name="Mode">Kind and permissions.</param>
/// <param name="ModifiedSeconds">Since 1970.</param>
/// <param name="Id">Of the file itself: another file of the same name has another.</param>
internal readonly record struct FileFacts(
    int Errno, int Mode, long Length, long ModifiedSeconds, (ulong Inode, ulong Device) Id, uint Owner)
{
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int NoAccess = 13;
    public const int IsThere = 17;
    public const int OtherDisk = 18;
    public const int NotAFolder = 20;
    public const int NameTooLong = 36;
    public const int NoSpace = 28;
    public const int TooManyLinks = 40;

    private const int KindMask = 0xf000;
    private const int FolderKind = 0x4000;
    private const int RegularKind = 0x8000;
    private const int ExecutableByOwner = 0x40;

    public bool Exists => Errno == 0;

    public bool IsFolder => Exists && (Mode & KindMask) == FolderKind;

    /// <summary>Neither a folder nor something special.</summary>
    public bool IsFile => Exists && (Mode & KindMask) == RegularKind;

    /// <summary>Permissions.</summary>
    public int Access => Mode & 0x1ff;

    public bool IsExecutable => Exists && (Mode & ExecutableByOwner) != 0;

    public static FileFacts Of(in FileStatus status) => new(0, status.Mode, status.Length, status.ModifiedSeconds,
        (status.Inode, ((ulong)status.DeviceMajor << 32) | status.DeviceMinor), status.Owner);

    /// <summary>Of what cannot be looked at.</summary>
    public static FileFacts Failed(int errno) => new(errno, 0, 0, 0, default, 0);

    /// <summary>A path that leads nowhere: not there, or longer than paths are.</summary>
    public static bool IsMissing(int errno) => errno is NotFound or NotAFolder or NameTooLong;
}
