using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Microcosm.Runtime;

/// <summary>The system calls on a socket that takes messages from anybody. None blocks.</summary>
/// <param name="descriptor">The socket.</param>
/// <param name="tellsLocal">The system says to which of the own addresses each message came, and is told from which one leaves.</param>
internal readonly unsafe struct DatagramSocket(int descriptor, bool tellsLocal)
{
    /// <summary>In place of a length: there is nothing now.</summary>
    public const int NothingNow = -1;

    /// <summary>In place of a length: a message that did not fit.</summary>
    public const int Truncated = -2;

    /// <summary>An end's address, and an own one behind it.</summary>
    public const int PeerBytesMax = SocketAddresses.BytesMax + 16;

    private const int ControlBytesMax = 64;
    private const int ControlHeadBytes = 16;
    private const int IpLevel = 0;
    private const int IpPacketInfo = 8;
    private const int Ipv6Level = 41;
    private const int Ipv6PacketInfo = 50;

    public int Descriptor => descriptor;

    /// <summary>Reads a message: its length, or one of the constants.</summary>
    /// <param name="buffer">Where it goes.</param>
    /// <param name="peer">Who sent it, as the system writes addresses, and behind that the own address, where the system tells it.</param>
    /// <param name="remoteBytes">Length of the first part.</param>
    /// <param name="peerBytes">Length of both.</param>
    public int Receive(Span<byte> buffer, Span<byte> peer, out int remoteBytes, out int peerBytes)
    {
        var control = stackalloc byte[ControlBytesMax];
        var vector = stackalloc nuint[2];
        fixed (byte* bytes = buffer, name = peer)
        {
            (vector[0], vector[1]) = ((nuint)bytes, (nuint)buffer.Length);
            while (true)
            {
                var header = new MessageHeader
                {
                    Name = name, NameBytes = SocketAddresses.BytesMax, Vector = vector, VectorCount = 1,
                    Control = tellsLocal ? control : null, ControlBytes = tellsLocal ? ControlBytesMax : 0u,
                };
                var length = Libc.ReceiveMessage(descriptor, &header, Libc.DontWaitNoSignal);
                if (length < 0 && Marshal.GetLastSystemError() == Libc.EIntr)
                    continue;
                remoteBytes = peerBytes = (int)header.NameBytes;
                if (length < 0)
                    return NothingNow;
                if (header.ControlBytes > 0)
                    peerBytes += ReadLocal(new ReadOnlySpan<byte>(control, (int)header.ControlBytes), peer[remoteBytes..]);
                return (header.Flags & Libc.MessageTruncated) != 0 ? Truncated : (int)length;
            }
        }
    }

    /// <summary>Sends a message: 0, or the system's number of what is wrong.</summary>
    /// <param name="remote">As <see cref="Receive"/> gave it; so <paramref name="local"/>.</param>
    public int Send(ReadOnlySpan<byte> message, ReadOnlySpan<byte> remote, ReadOnlySpan<byte> local)
    {
        var control = stackalloc byte[ControlBytesMax];
        var controlBytes = local.IsEmpty ? 0 : WriteLocal(local, new Span<byte>(control, ControlBytesMax));
        fixed (byte* bytes = message, name = remote)
        {
            var vector = stackalloc nuint[] { (nuint)bytes, (nuint)message.Length };
            var header = new MessageHeader
            {
                Name = name, NameBytes = (uint)remote.Length, Vector = vector, VectorCount = 1,
                Control = controlBytes > 0 ? control : null, ControlBytes = (nuint)controlBytes,
            };
            while (Libc.SendMessage(descriptor, &header, Libc.DontWaitNoSignal) < 0)
            {
                var error = Marshal.GetLastSystemError();
                if (error != Libc.EIntr)
                    return error is Libc.EAgain or Libc.ENoBufs ? 0 : error;
            }
            return 0;
        }
    }

    // The one thing that was asked for: struct in_pktinfo (interface, own address, address of the packet), or in6_pktinfo.
    private static int ReadLocal(ReadOnlySpan<byte> control, Span<byte> to)
    {
        if (control.Length < ControlHeadBytes)
            return 0;
        var (level, type) = (BinaryPrimitives.ReadInt32LittleEndian(control[8..]), BinaryPrimitives.ReadInt32LittleEndian(control[12..]));
        var local = (level, type) switch
        {
            (IpLevel, IpPacketInfo) => control.Slice(ControlHeadBytes + 8, 4),
            (Ipv6Level, Ipv6PacketInfo) => control.Slice(ControlHeadBytes, 16),
            _ => default,
        };
        local.CopyTo(to);
        return local.Length;
    }

    // Gives the length of it, as CMSG_SPACE has it.
    private static int WriteLocal(ReadOnlySpan<byte> local, Span<byte> control)
    {
        var is4 = local.Length == 4;
        var length = ControlHeadBytes + (is4 ? 12 : 20);
        control.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(control, length);
        BinaryPrimitives.WriteInt32LittleEndian(control[8..], is4 ? IpLevel : Ipv6Level);
        BinaryPrimitives.WriteInt32LittleEndian(control[12..], is4 ? IpPacketInfo : Ipv6PacketInfo);
        local.CopyTo(control[(ControlHeadBytes + (is4 ? 4 : 0))..]);
        return (length + 7) & ~7;
    }
}
