using System.Runtime.InteropServices;

namespace Microcosm.SideBySide.Chubby;

/// <summary>epoll, level-triggered: which of many sockets have something to read. Cheaper than any of .NET's ways, so that the
/// generator leaves the machine to the servers.</summary>
internal sealed unsafe partial class Poller : IDisposable
{
    private const int EventsMax = 256;
    private const int In = 1;
    private const int AddOperation = 1;

    private readonly int _epoll = Check(EpollCreate(0));
    private readonly int[] _ready = new int[EventsMax];

    /// <summary>Watches a descriptor until it is closed.</summary>
    public void Add(int fd, int number)
    {
        var e = new EpollEvent { Events = In, Data = (ulong)number };
        Check(EpollControl(_epoll, AddOperation, fd, &e));
    }

    /// <summary>The numbers of those that have something, waiting for one at most so long.</summary>
    public ReadOnlySpan<int> Wait(int timeoutMs)
    {
        var events = stackalloc EpollEvent[EventsMax];
        var count = Math.Max(0, EpollWait(_epoll, events, EventsMax, timeoutMs));
        for (var i = 0; i < count; i++)
            _ready[i] = (int)events[i].Data;
        return _ready.AsSpan(0, count);
    }

    public void Dispose() => CloseFile(_epoll);

    private static int Check(int result) =>
        result >= 0 ? result : throw new IOException($"epoll: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int EpollControl(int epoll, int operation, int fd, EpollEvent* e);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int EpollWait(int epoll, EpollEvent* events, int max, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int fd);

    // Packed, as x86-64 has it.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct EpollEvent
    {
        public uint Events;
        public ulong Data;
    }
}
