#pragma warning disable RS0030 // cached responses lie in a folder of the machine
namespace Microcosm.Nginx;

/// <summary>Changes of cached responses' files in place.</summary>
internal static class CacheFiles
{
    /// <summary>Writes the opening of a head; a file that is gone by now is nobody's loss.</summary>
    public static void WriteOpening(string path, ReadOnlySpan<byte> opening)
    {
        try
        {
            using var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(handle, opening, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The response is asked for again, then.
        }
    }
}
