using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Runtime;

/// <summary><c>struct sockaddr_in</c> and <c>sockaddr_in6</c>.</summary>
internal static class SocketAddresses
{
    public const int BytesMax = 28;

    private const ushort Inet = 2;
    private const ushort Inet6 = 10;

    /// <summary>AF_INET or AF_INET6.</summary>
    public static int Family(IPEndPoint endPoint) => endPoint.AddressFamily == AddressFamily.InterNetworkV6 ? Inet6 : Inet;

    public static int Write(IPEndPoint endPoint, Span<byte> to)
    {
        to[..BytesMax].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)Family(endPoint));
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)endPoint.Port);
        var isV6 = endPoint.AddressFamily == AddressFamily.InterNetworkV6;
        endPoint.Address.TryWriteBytes(to[(isV6 ? 8 : 4)..], out _);
        return isV6 ? 28 : 16;
    }

    public static IPEndPoint Read(ReadOnlySpan<byte> from)
    {
        if (from.Length < 16)
            return new IPEndPoint(IPAddress.None, 0);
        var port = BinaryPrimitives.ReadUInt16BigEndian(from[2..]);
        return BinaryPrimitives.ReadUInt16LittleEndian(from) == Inet6
            ? new IPEndPoint(new IPAddress(from.Slice(8, 16)), port)
            : new IPEndPoint(new IPAddress(from.Slice(4, 4)), port);
    }
}
