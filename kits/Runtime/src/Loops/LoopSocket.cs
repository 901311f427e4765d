using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary>The system calls on a connected socket of an event loop. None blocks.</summary>
internal readonly unsafe struct LoopSocket(int descriptor)
{
    /// <summary>In place of a count: nothing can be read or sent now.</summary>
    public const int NothingNow = -1;

    /// <summary>In place of a count: the connection is broken.</summary>
    public const int Broken = -2;

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

    /// <summary>Sends: the bytes that the kernel took, or one of the constants.</summary>
    public int Send(ReadOnlySpan<byte> front)
    {
        while (true)
        {
            nint sent;
            fixed (byte* bytes = front)
                sent = Libc.Send(descriptor, bytes, (nuint)front.Length, Libc.DontWaitNoSignal);
            if (sent >= 0)
                return (int)sent;
            var error = Marshal.GetLastSystemError();
            if (error != Libc.EIntr)
                return error is Libc.EAgain or Libc.ENoBufs ? NothingNow : Broken;
        }
    }

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
