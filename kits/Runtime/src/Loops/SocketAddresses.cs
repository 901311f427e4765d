using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Runtime;

/// <summary><c>struct sockaddr_in</c>, <c>sockaddr_in6</c> and <c>sockaddr_un</c>.</summary>
internal static class SocketAddresses
{
    public const int BytesMax = 110;

    private const ushort Unix = 1;
    private const ushort Inet = 2;
    public const ushort Inet6 = 10;
    private const int PathBytesMax = 107;

    /// <summary>AF_UNIX, AF_INET or AF_INET6. Throws <see cref="NotSupportedException"/> for another kind of address.</summary>
    public static int Family(EndPoint endPoint) => endPoint switch
    {
        UnixEndPoint => Unix,
        IPEndPoint { AddressFamily: AddressFamily.InterNetworkV6 } => Inet6,
        IPEndPoint => Inet,
        _ => throw new NotSupportedException($"{endPoint} is no address of a socket."),
    };

    /// <summary>Writes the address; returns its length. Throws <see cref="NotSupportedException"/>, also for a path over 107
    /// bytes.</summary>
    public static int Write(EndPoint endPoint, Span<byte> to)
    {
        to[..BytesMax].Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(to, (ushort)Family(endPoint));
        if (endPoint is UnixEndPoint unix)
            return WritePath(unix.Path, to);
        var ip = (IPEndPoint)endPoint;
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], (ushort)ip.Port);
        if (ip.AddressFamily != AddressFamily.InterNetworkV6)
        {
            ip.Address.TryWriteBytes(to[4..], out _);
            return 16;
        }
        ip.Address.TryWriteBytes(to[8..], out _);
        BinaryPrimitives.WriteUInt32LittleEndian(to[24..], (uint)ip.Address.ScopeId);
        return 28;
    }

    public static EndPoint Read(ReadOnlySpan<byte> from)
    {
        if (from.Length < 2)
            return new IPEndPoint(IPAddress.None, 0);
        var family = BinaryPrimitives.ReadUInt16LittleEndian(from);
        if (family == Unix)
            return new UnixEndPoint(Encoding.UTF8.GetString(from[2..]).TrimEnd('\0'));
        if (from.Length < 16)
            return new IPEndPoint(IPAddress.None, 0);
        var port = BinaryPrimitives.ReadUInt16BigEndian(from[2..]);
        return family == Inet6
            ? new IPEndPoint(new IPAddress(from.Slice(8, 16), BinaryPrimitives.ReadUInt32LittleEndian(from[24..])), port)
            : new IPEndPoint(new IPAddress(from.Slice(4, 4)), port);
    }

    // A name that begins with NUL is one of the abstract namespace, which has no end mark.
    private static int WritePath(string path, Span<byte> to)
    {
        if (Encoding.UTF8.GetByteCount(path) > PathBytesMax)
            throw new NotSupportedException($"{path} is too long for a socket's path.");
        var length = Encoding.UTF8.GetBytes(path, to[2..]);
        return 2 + length + (path.StartsWith('\0') ? 0 : 1);
    }
}
