using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary><c>struct msghdr</c> with one <c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MessageHeader
{
    public byte* Name;
    public uint NameBytes;
    public nuint* Vector;
    public nuint VectorCount;
    public byte* Control;
    public nuint ControlBytes;
    public int Flags;
}
