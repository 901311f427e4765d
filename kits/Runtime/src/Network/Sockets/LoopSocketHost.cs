using System.Net;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace Microcosm.Runtime;

/// <summary>Carries sessions on event loops: each listener lives on the loop that carries its node.</summary>
public sealed class LoopSocketHost : ISocketHost
{
    private readonly KestrelSocketHost _streams = new();

    /// <inheritdoc/>
    public async ValueTask<ISocketListener> ListenAsync(
        IPEndPoint address, NodeExecutor executor, ISessionFactory sessions, CancellationToken cancellation)
    {
        if (executor.Carrier is not EventLoop loop)
            throw new ArgumentException("The node is not carried by an event loop.", nameof(executor));
        var fd = Open(address, out var endPoint);
        var listener = new LoopListener(loop, executor, sessions, fd, endPoint);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loop.Post(_ =>
        {
            loop.Watch(fd, Libc.EpollIn, listener);
            done.SetResult();
        }, null);
        await done.Task;
        return listener;
    }

    /// <inheritdoc/>
    public ValueTask<ISocketListener> ListenAsync(
        IPEndPoint address, NodeExecutor executor, ConnectionDelegate handler, CancellationToken cancellation) =>
        _streams.ListenAsync(address, executor, handler, cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _streams.DisposeAsync();

    private static unsafe int Open(IPEndPoint address, out IPEndPoint endPoint)
    {
        var fd = Libc.Socket(SocketAddresses.Family(address), 1 | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (fd < 0)
            throw Error("socket");
        var on = 1;
        Libc.SetSocketOption(fd, 1, 2, &on, 4); // SO_REUSEADDR
        if (IPAddress.IsLoopback(address.Address))
            UseReno(fd);
        var bytes = stackalloc byte[SocketAddresses.BytesMax];
        var length = SocketAddresses.Write(address, new Span<byte>(bytes, SocketAddresses.BytesMax));
        if (Libc.Bind(fd, bytes, (uint)length) < 0 || Libc.Listen(fd, 4096) < 0)
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
    private static unsafe void UseReno(int fd)
    {
        fixed (byte* name = "reno"u8)
            Libc.SetSocketOption(fd, 6, 13, name, 4); // TCP_CONGESTION
    }

    private static IOException Error(string call) => Error(call, Marshal.GetLastPInvokeError());

    private static IOException Error(string call, int errno) => new($"{call} failed: {Marshal.GetPInvokeErrorMessage(errno)}");
}
