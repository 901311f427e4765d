#pragma warning disable RS0030 // what nginx serves are the machine's files
using Microcosm.Runtime;
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Nginx;

/// <summary>An open file, closed when nobody uses it any more.</summary>
internal sealed class OpenFile(SafeFileHandle handle) : IOutputFile
{
    private int _users = 1;

    public SafeFileHandle? Handle => handle;

    public int Read(long offset, Span<byte> buffer) => RandomAccess.Read(handle, buffer, offset);

    /// <summary>One more user, who releases it.</summary>
    public OpenFile Use()
    {
        _users++;
        return this;
    }

    public void Release()
    {
        if (--_users == 0)
            handle.Dispose();
    }
}
