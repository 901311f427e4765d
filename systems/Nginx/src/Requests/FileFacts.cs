namespace Microcosm.Nginx;

/// <summary>What the file system says of a path.</summary>
/// <param name="Errno">0 where it is there.</param>
/// <param name="ModifiedSeconds">Since 1970.</param>
internal readonly record struct FileFacts(int Errno, bool IsFolder, long Length, long ModifiedSeconds)
{
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int NoAccess = 13;
    public const int NotAFolder = 20;
    public const int NameTooLong = 36;

    public bool Exists => Errno == 0;

    public bool IsFile => Exists && !IsFolder;
}
