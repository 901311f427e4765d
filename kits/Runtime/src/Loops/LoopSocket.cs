using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Microcosm.Runtime;

/// <summary>The system calls on a connected socket of an event loop. None blocks.</summary>
internal readonly unsafe struct LoopSocket(int descriptor)
{
    /// <summary>In place of a count: nothing can be read or sent now.</summary>
    public const int NothingNow = -1;

    /// <summary>In place of a count: the connection is broken.</summary>
    public const int Broken = -2;

    private const int SendFileBytesMax = 1024 * 1024;

    public int Descriptor => descriptor;

    /// <summary>Reads: the bytes read, 0 at the end of input, or one of the constants.</summary>
    public int Read(Span<byte> buffer)
    {
        while (true)
        {
            nint read;
            fixed (byte* bytes = buffer)
                read = Libc.Receive(descriptor, bytes, (nuint)buffer.Length, 0x40);
            if (read >= 0)
                return (int)read;
            var error = Marshal.GetLastSystemError();
            if (error != Libc.EIntr)
                return error == Libc.EAgain ? NothingNow : Broken;
        }
    }

    /// <summary>Sends the front of released output: the bytes that the kernel took, or one of the constants.</summary>
    public long SendFront(OutputBuffer output, long released)
    {
        try
        {
            if (output.TryFrontFile(released, out var file, out var offset, out var count))
                return SendFile(file!, offset, count);
            var front = output.Front(released);
            // Empty: a file that is shorter than it was to be. What follows in the same turn goes out in the same packets.
            return front.IsEmpty ? Broken : Send(front.Span, front.Length < released ? Libc.More : 0);
        }
        catch (IOException)
        {
            return Broken;
        }
    }

    private long Send(ReadOnlySpan<byte> front, int flags)
    {
        while (true)
        {
            nint sent;
            fixed (byte* bytes = front)
                sent = Libc.Send(descriptor, bytes, (nuint)front.Length, Libc.DontWaitNoSignal | flags);
            if (sent >= 0)
                return sent;
            var error = Marshal.GetLastSystemError();
            if (error != Libc.EIntr)
                return error is Libc.EAgain or Libc.ENoBufs ? NothingNow : Broken;
        }
    }

    private long SendFile(SafeFileHandle file, long offset, long count)
    {
        while (true)
        {
            var at = offset;
            var sent = Libc.SendFile(descriptor, (int)file.DangerousGetHandle(), &at, (nuint)Math.Min(count, SendFileBytesMax));
            if (sent > 0)
                return sent;
            if (sent == 0)
                return Broken;
            var error = Marshal.GetLastPInvokeError();
            if (error != Libc.EIntr)
                return error is Libc.EAgain or Libc.ENoBufs ? NothingNow : Broken;
        }
    }

    /// <summary>The own address: of an accepted connection on a wildcard the one that the peer used.</summary>
    public EndPoint LocalAddress
    {
        get
        {
            var bytes = stackalloc byte[SocketAddresses.BytesMax];
            uint length = SocketAddresses.BytesMax;
            Libc.GetSocketName(descriptor, bytes, &length);
            return SocketAddresses.Read(new ReadOnlySpan<byte>(bytes, (int)length));
        }
    }

    /// <summary>Sends the end of output (FIN).</summary>
    public void EndOutput() => Libc.Shutdown(descriptor, 1);

    /// <summary>Sends each piece of output at once (TCP_NODELAY).</summary>
    public void SendAtOnce()
    {
        var on = 1;
        Libc.SetSocketOption(descriptor, 6, 1, &on, 4);
    }

    /// <summary>Ends the output in order, even if the peer still sends; what it has sent is read away, or close() would reset.</summary>
    public void Finish(Span<byte> scratch)
    {
        Libc.Shutdown(descriptor, 1);
        fixed (byte* bytes = scratch)
        {
            for (var i = 0; i < 64 && Libc.Receive(descriptor, bytes, (nuint)scratch.Length, 0x40) > 0; i++)
            {
            }
        }
    }

    /// <summary>Makes <see cref="Close"/> send a reset, by a linger time of zero.</summary>
    public void ResetWhenClosed()
    {
        var linger = stackalloc int[] { 1, 0 };
        Libc.SetSocketOption(descriptor, 1, 13, linger, 8);
    }

    public void Close() => Libc.Close(descriptor);
}
