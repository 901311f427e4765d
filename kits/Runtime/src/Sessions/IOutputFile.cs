using Microsoft.Win32.SafeHandles;

namespace Microcosm.Runtime;

/// <summary>A file whose bytes are output: they are read when they are sent, by the kernel itself where the transport is a plain
/// socket.</summary>
public interface IOutputFile
{
    /// <summary>The file of the machine, for sendfile(2); null where there is none, and then it is read by <see cref="Read"/>.</summary>
    SafeFileHandle? Handle { get; }

    /// <summary>Reads bytes at <paramref name="offset"/>; 0 at the end of the file. Throws <see cref="IOException"/>.</summary>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Told once, when the output needs it no more: its bytes were sent or dropped.</summary>
    void Release();
}
