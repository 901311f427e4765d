using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>Small text files.</summary>
internal static class DiskText
{
    public static string Read(IDisk disk, string path)
    {
        using var file = disk.Open(path, DiskOpen.Existing);
        var bytes = new byte[file.Length];
        var at = 0;
        while (at < bytes.Length && file.Read(at, bytes.AsSpan(at)) is > 0 and var n)
            at += n;
        return Encoding.UTF8.GetString(bytes, 0, at);
    }
}
