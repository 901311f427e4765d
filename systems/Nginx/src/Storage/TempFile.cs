#pragma warning disable RS0030 // nginx' temporary files lie in folders of the machine
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Nginx;

/// <summary>A temporary file that is written at its end and read anywhere. On the executor of who made it only.</summary>
internal sealed class TempFile(string path, SafeFileHandle handle)
{
    private readonly OpenFile _file = new(handle);
    private bool _isNamed = true;

    public string Path => path;

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>For reading; who takes it for longer uses it (<see cref="OpenFile.Use"/>).</summary>
    public OpenFile File => _file;

    /// <summary>Adds bytes. Throws <see cref="IOException"/> where the disk does not take them.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(handle, bytes, Length);
        Length += bytes.Length;
    }

    /// <summary>Its name goes; its bytes stay as long as it is open.</summary>
    public void Unlink()
    {
        if (_isNamed)
            System.IO.File.Delete(path);
        _isNamed = false;
    }

    /// <summary>It was moved: its name is not its own any more.</summary>
    public void Forget() => _isNamed = false;

    /// <summary>Closes it when nobody reads it any more, without its name unless that is to stay.</summary>
    public void Close(bool keepsName = false)
    {
        if (!keepsName)
            Unlink();
        _isNamed = false;
        _file.Release();
    }
}
