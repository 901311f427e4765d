using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>Opens the sockets that event loops listen on. What is set on them holds for the connections that they accept.</summary>
internal static unsafe class ListeningSocket
{
    private const int SocketLevel = 1;
    private const int TcpLevel = 6;
    private const int Ipv6Level = 41;

    /// <summary>
    /// Binds and listens; a port of 0 takes a free one. Other sockets that are shared too may listen on a shared one's address, and the
    /// kernel spreads connections over them (SO_REUSEPORT). Throws <see cref="AddressInUseException"/>.
    /// </summary>
    public static int Open(IPEndPoint address, bool isShared, out IPEndPoint endPoint)
    {
        var fd = New(address);
        if (isShared)
            Set(fd, SocketLevel, 15); // SO_REUSEPORT
        endPoint = (IPEndPoint)BindAndListen(fd, address, LoopListener.BacklogMax);
        return fd;
    }

    /// <summary>The same by options, on any address of the machine. Throws <see cref="AddressInUseException"/>.</summary>
    /// <param name="given">A socket that listens already; -1 for none.</param>
    public static int Open(EndPoint address, ListenOptions options, int given, out EndPoint endPoint)
    {
        var fd = given >= 0 ? given : New(address);
        if (address is IPEndPoint)
            Tune(fd, address, options);
        SetBuffers(fd, options);
        if (given < 0)
        {
            endPoint = BindAndListen(fd, address, options.Backlog);
            return fd;
        }
        endPoint = Adopt(fd);
        Libc.Listen(fd, options.Backlog);
        return fd;
    }

    /// <summary>Binds a socket of messages by options; a port of 0 takes a free one. Throws <see cref="AddressInUseException"/>.</summary>
    /// <param name="given">A socket that is bound already; -1 for none.</param>
    public static int OpenDatagrams(EndPoint address, ListenOptions options, int given, out EndPoint endPoint)
    {
        if (given >= 0)
        {
            endPoint = Adopt(given);
            return given;
        }
        var fd = Libc.Socket(SocketAddresses.Family(address), 2 | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (fd < 0)
            throw Error("socket", Marshal.GetLastPInvokeError());
        // Whoever binds last gets what comes: a process that ends may answer yet while its successor takes over.
        Set(fd, SocketLevel, 2); // SO_REUSEADDR
        if (address is IPEndPoint)
            Tune(fd, address, options);
        SetBuffers(fd, options);
        if (IsWildcard(address))
        {
            var is6 = SocketAddresses.Family(address) == SocketAddresses.Inet6;
            Set(fd, is6 ? Ipv6Level : 0, is6 ? 49 : 8); // IPV6_RECVPKTINFO, IP_PKTINFO
        }
        Bind(fd, address);
        endPoint = address is UnixEndPoint ? address : new LoopSocket(fd).LocalAddress;
        return fd;
    }

    /// <summary>All addresses of the machine.</summary>
    public static bool IsWildcard(EndPoint address) =>
        address is IPEndPoint { Address: var ip } && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));

    // The process before it may have set it up otherwise.
    private static EndPoint Adopt(int fd)
    {
        Libc.Control(fd, 4, Libc.NonBlocking); // F_SETFL
        Libc.Control(fd, 2, 1); // F_SETFD, FD_CLOEXEC
        return new LoopSocket(fd).LocalAddress;
    }

    private static int New(EndPoint address)
    {
        var fd = Libc.Socket(SocketAddresses.Family(address), 1 | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (fd < 0)
            throw Error("socket", Marshal.GetLastPInvokeError());
        if (address is not IPEndPoint ip)
            return fd;
        Set(fd, SocketLevel, 2); // SO_REUSEADDR
        new LoopSocket(fd).SendAtOnce();
        if (IPAddress.IsLoopback(ip.Address))
            UseReno(fd);
        return fd;
    }

    private static void Tune(int fd, EndPoint address, ListenOptions options)
    {
        if (options.ReusePort)
            Set(fd, SocketLevel, 15); // SO_REUSEPORT
        if (options.DeferAccept)
            Set(fd, TcpLevel, 9); // TCP_DEFER_ACCEPT
        if (options.FastOpen > 0)
            Set(fd, TcpLevel, 23, options.FastOpen); // TCP_FASTOPEN
        if (SocketAddresses.Family(address) == SocketAddresses.Inet6)
            Set(fd, Ipv6Level, 26, options.Ipv6Only ? 1 : 0); // IPV6_V6ONLY
        if (options.KeepAlive is not { } probes)
            return;
        Set(fd, SocketLevel, 9, probes.IsOn ? 1 : 0); // SO_KEEPALIVE
        foreach (var (name, value) in ((int, int)[])[(4, probes.IdleSeconds), (5, probes.IntervalSeconds), (6, probes.Count)])
        {
            if (value > 0)
                Set(fd, TcpLevel, name, value); // TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT
        }
    }

    private static void SetBuffers(int fd, ListenOptions options)
    {
        if (options.ReceiveBufferBytes > 0)
            Set(fd, SocketLevel, 8, options.ReceiveBufferBytes); // SO_RCVBUF
        if (options.SendBufferBytes > 0)
            Set(fd, SocketLevel, 7, options.SendBufferBytes); // SO_SNDBUF
    }

    private static EndPoint BindAndListen(int fd, EndPoint address, int backlog)
    {
        Bind(fd, address);
        if (Libc.Listen(fd, backlog) < 0)
            throw Refused(fd, address);
        return address is UnixEndPoint ? address : new LoopSocket(fd).LocalAddress;
    }

    private static void Bind(int fd, EndPoint address)
    {
        var bytes = stackalloc byte[SocketAddresses.BytesMax];
        var length = SocketAddresses.Write(address, new Span<byte>(bytes, SocketAddresses.BytesMax));
        if (Libc.Bind(fd, bytes, (uint)length) < 0)
            throw Refused(fd, address);
    }

    private static Exception Refused(int fd, EndPoint address)
    {
        var error = Marshal.GetLastPInvokeError();
        Libc.Close(fd);
        return error == Libc.EAddrInUse ? new AddressInUseException($"{address} is in use") : Error("bind", error);
    }

    // Loopback has no bottleneck to look for. Where the system's default is BBR, its model and pacing cost a few per cent of each
    // request. Connections inherit it; a kernel that lacks it keeps its default.
    private static void UseReno(int fd)
    {
        fixed (byte* name = "reno"u8)
            Libc.SetSocketOption(fd, TcpLevel, 13, name, 4); // TCP_CONGESTION
    }

    internal static void Set(int fd, int level, int name, int value = 1) => Libc.SetSocketOption(fd, level, name, &value, 4);

    private static IOException Error(string call, int errno) => new($"{call} failed: {Marshal.GetPInvokeErrorMessage(errno)}");
}
