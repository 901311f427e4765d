#pragma warning disable RS0030 // nginx' temporary files lie in folders of the machine
using System.Globalization;

namespace Microcosm.Nginx;

/// <summary>Makes temporary files: numbered, in subfolders by the last digits where a folder has levels. Thread-safe.</summary>
internal sealed class TempFiles
{
    private const int TriesMax = 100_000;

    private long _number;

    /// <summary>
    /// A new, empty file. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/> where there cannot be one.
    /// </summary>
    public TempFile Create(TempPath folder)
    {
        for (var tries = 0; ; tries++)
        {
            var name = NameOf(folder, Interlocked.Increment(ref _number));
            try
            {
                return new TempFile(name, Open(name));
            }
            catch (IOException) when (tries < TriesMax && File.Exists(name))
            {
                // Another process' or an older one's.
            }
        }
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle Open(string name)
    {
        try
        {
            return File.OpenHandle(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(name)!);
            return File.OpenHandle(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
    }

    private static string NameOf(TempPath folder, long number)
    {
        var digits = number.ToString("D10", CultureInfo.InvariantCulture);
        var (path, end) = (folder.Name, digits.Length);
        foreach (var level in folder.Levels)
        {
            path = Path.Combine(path, digits.Substring(end - level, level));
            end -= level;
        }
        return Path.Combine(path, digits);
    }
}
