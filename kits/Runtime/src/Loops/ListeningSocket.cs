using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>Opens the sockets that event loops listen on.</summary>
internal static unsafe class ListeningSocket
{
    /// <summary>
    /// Binds and listens; a port of 0 takes a free one. Other sockets that are shared too may listen on a shared one's address, and the
    /// kernel spreads connections over them (SO_REUSEPORT). Throws <see cref="AddressInUseException"/>.
    /// </summary>
    public static int Open(IPEndPoint address, bool isShared, out IPEndPoint endPoint)
    {
        var fd = Libc.Socket(SocketAddresses.Family(address), 1 | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (fd < 0)
            throw Error("socket");
        var on = 1;
        Libc.SetSocketOption(fd, 1, 2, &on, 4); // SO_REUSEADDR
        if (isShared)
            Libc.SetSocketOption(fd, 1, 15, &on, 4); // SO_REUSEPORT
        if (IPAddress.IsLoopback(address.Address))
            UseReno(fd);
        var bytes = stackalloc byte[SocketAddresses.BytesMax];
        var length = SocketAddresses.Write(address, new Span<byte>(bytes, SocketAddresses.BytesMax));
        if (Libc.Bind(fd, bytes, (uint)length) < 0 || Libc.Listen(fd, LoopListener.BacklogMax) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            Libc.Close(fd);
            throw error == Libc.EAddrInUse ? new AddressInUseException($"{address} is in use") : Error("bind", error);
        }
        uint size = SocketAddresses.BytesMax;
        Libc.GetSocketName(fd, bytes, &size);
        endPoint = SocketAddresses.Read(new ReadOnlySpan<byte>(bytes, (int)size));
        return fd;
    }

    // Loopback has no bottleneck to look for. Where the system's default is BBR, its model and pacing cost a few per cent of each
    // request. Connections inherit it; a kernel that lacks it keeps its default.
    private static void UseReno(int fd)
    {
        fixed (byte* name = "reno"u8)
            Libc.SetSocketOption(fd, 6, 13, name, 4); // TCP_CONGESTION
    }

    private static IOException Error(string call) => Error(call, Marshal.GetLastPInvokeError());

    private static IOException Error(string call, int errno) => new($"{call} failed: {Marshal.GetPInvokeErrorMessage(errno)}");
}
