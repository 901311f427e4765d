using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary><c>struct epoll_event</c>: packed on x86-64, aligned elsewhere.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct EpollEvent
{
    public uint Events;
    public ulong Data;
}
