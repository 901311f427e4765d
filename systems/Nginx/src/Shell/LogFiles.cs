#pragma warning disable RS0030 // logs are the machine's files
using System.Text;

namespace Microcosm.Nginx;

/// <summary>
/// Log files that are open, each once, whoever writes to it; opened anew when they are asked to be (USR1). Thread-safe: a line is one
/// write.
/// </summary>
internal sealed class LogFiles : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FileStream?> _files = new(StringComparer.Ordinal);

    public void Append(string path, ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (!_files.TryGetValue(path, out var file))
                _files.Add(path, file = Open(path));
            file?.Write(line);
        }
    }

    /// <summary>Closes all; each is opened again where it is written to.</summary>
    public void Reopen()
    {
        lock (_gate)
        {
            foreach (var file in _files.Values)
                file?.Dispose();
            _files.Clear();
        }
    }

    public void Dispose() => Reopen();

    // Of a file that cannot be opened what is written is lost, as nginx loses it.
    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(path)), FileMode.Append, FileAccess.Write,
                FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
