namespace Microcosm.Nginx;

/// <summary>What an <c>if (-x path)</c> asks of a path.</summary>
internal enum FileTest
{
    IsFile,
    IsFolder,
    Exists,
    IsExecutable,
}
